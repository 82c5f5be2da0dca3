import { parseOptions, wholeNumber } from "../options";

export const HELP = `npm run halves                       deal the things into halves eight times, train and test in each half alone
npm run halves -- --halvings 20      more halvings, a narrower interval; one takes some two minutes

The tables' intervals are for other things than those that were there. Here other things are there: both halves estimate the
same differences, and how far they lie apart, in claimed standard errors, has a standard deviation near 1 where the claims
are right. Above 1 the intervals are too narrow.
`;

export interface HalvesCommandOptions {
  help: boolean;
  halvings: number;
}

/** @throws UserError for an unknown option, or a number of halvings that is none */
export function readOptions(args: readonly string[]): HalvesCommandOptions {
  const { help, halvings = "8" } = parseOptions("npm run halves", args, {
    help: { type: "boolean", short: "h" },
    halvings: { type: "string" },
  });
  return { help: help ?? false, halvings: wholeNumber("halvings", halvings, 2, 9999) };
}

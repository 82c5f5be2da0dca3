import { parseOptions, wholeNumber } from "../options";

export const HELP = `npm run simulate                                 hold intervals against the truth of simulated tables, about half an hour
npm run simulate -- --experiments 200            fewer tables in each world, coarser shares
npm run simulate -- --chosen                     the library's method alone, a third of the time
npm run simulate -- --fitted                     only worlds whose components are those of the committed answers
npm run simulate -- --seed 7                     other draws

Each world draws things, near-duplicates, folds, repeats, backgrounds and distractors with effects of known size; each
method says where the true differences lie. Printed are how often it was right, for one comparison and for all of a
table, how large its standard errors are, and whether it finds what it claims to find. The command fails where the
library's method covers the truth in less than 93 or more than 97 of 100 cases, beyond what chance explains.
`;

export interface SimulateOptions {
  help: boolean;
  /** How many tables are drawn in each world. */
  experiments: number;
  seed: number;
  /** Whether the library's method runs alone. */
  chosen: boolean;
  /** Whether only worlds like the committed tables are drawn. */
  fitted: boolean;
}

/** @throws UserError for an unknown option, or a number that is none */
export function readOptions(args: readonly string[]): SimulateOptions {
  const values = parseOptions("npm run simulate", args, {
    help: { type: "boolean", short: "h" },
    experiments: { type: "string" },
    seed: { type: "string" },
    chosen: { type: "boolean" },
    fitted: { type: "boolean" },
  });
  return {
    help: values.help ?? false,
    experiments: wholeNumber("experiments", values.experiments ?? "1000", 10),
    seed: wholeNumber("seed", values.seed ?? "1", 0),
    chosen: values.chosen ?? false,
    fitted: values.fitted ?? false,
  };
}

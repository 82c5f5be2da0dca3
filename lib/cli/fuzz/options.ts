import { parseOptions, wholeNumber } from "../options";

export const HELP = `npm run fuzz                                     run a thousand random programs compiled and eagerly, side by side
npm run fuzz -- --programs 10000 --seed 7        that many, of another seed
npm run fuzz -- --first 4711 --programs 1        go on at, or repeat, the program of this number

A program that gives something else compiled is made as small as it gets within a minute and printed as code
that runs on its own; of each sort of difference the first one. Ctrl-C ends the run and says how far it came.
`;

export interface FuzzOptions {
  help: boolean;
  /** How many programs. */
  programs: number;
  seed: number;
  /** Number of the first program. */
  first: number;
}

/** @throws UserError for an unknown option, or a number that is none. */
export function readOptions(args: readonly string[]): FuzzOptions {
  const { help, programs, seed, first } = parse(args);
  return {
    help: help ?? false,
    programs: wholeNumber("programs", programs ?? "1000"),
    seed: wholeNumber("seed", seed ?? "1"),
    first: wholeNumber("first", first ?? "0"),
  };
}

function parse(args: readonly string[]) {
  return parseOptions("npm run fuzz", args, {
    help: { type: "boolean", short: "h" },
    programs: { type: "string" },
    seed: { type: "string" },
    first: { type: "string" },
  });
}

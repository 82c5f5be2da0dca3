import type { Experiment } from "../../experiments/experiment";
import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";

export const HELP = `npm run reproduce                     compute the first repeat of the first table again and hold it against the committed rows,
                                      and of every other table some runs that are drawn by lot
npm run reproduce -- --only NAME      compute what is missing of one table; write CSV, figures and pages
npm run reproduce -- --all            the same of every table
npm run reproduce -- --all --again    compute every table anew, committed rows or not (hours); --only NAME --again one
npm run reproduce -- --check          compute nothing; fail where a page or a summary does not follow from the rows, or
                                      an expectation is not older than the rows

Committed rows are taken as done where they are of the same runs. Runs are kept in data/cache/runs as they finish, so what was
stopped goes on where it was.
`;

/** What is to be done with the tables. */
export type Mode = "compare" | "make" | "check";

export interface ReproduceOptions {
  help: boolean;
  mode: Mode;
  /** Whether committed rows are not taken as done. */
  again: boolean;
  experiments: readonly Experiment[];
}

/** @throws UserError for an unknown option or table, and options that exclude one another */
export function readOptions(args: readonly string[], all: readonly Experiment[]): ReproduceOptions {
  const { check, help, only, all: every, again } = parse(args);
  const refuse = (reason: string) =>
    new UserError(`${reason}. \`npm run reproduce -- --help\` lists the options.`);
  if (only !== undefined && every) throw refuse("Options '--only' and '--all' exclude each other");
  if (check && (every || again)) throw refuse("Option '--check' computes nothing, anew or not");
  if (again && only === undefined && !every) throw refuse("Option '--again' needs '--all' or '--only'");
  const experiments = all.filter(({ name }) => only === undefined || name === only);
  if (experiments.length === 0) {
    throw new UserError(
      `There is no table "${only}". Choose one of: ${all.map(({ name }) => name).join(", ")}.`,
    );
  }
  const mode = check ? "check" : every || only !== undefined ? "make" : "compare";
  return { help: help ?? false, mode, again: again ?? false, experiments };
}

function parse(args: readonly string[]) {
  return parseOptions("npm run reproduce", args, {
    check: { type: "boolean" },
    help: { type: "boolean", short: "h" },
    only: { type: "string" },
    all: { type: "boolean" },
    again: { type: "boolean" },
  });
}

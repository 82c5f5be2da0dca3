import type { Experiment } from "../../experiments/experiment";
import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";

export const HELP = `npm run reproduce               make every table: run what is missing, write CSV, figures and pages
npm run reproduce -- --only NAME   make one table
npm run reproduce -- --check       compute nothing; fail where a page or a summary does not follow from the rows

Runs are kept in data/cache/runs as they finish, so a stopped reproduction goes on where it was.
`;

export interface ReproduceOptions {
  check: boolean;
  help: boolean;
  experiments: readonly Experiment[];
}

/** @throws UserError for an unknown option or table. */
export function readOptions(args: readonly string[], all: readonly Experiment[]): ReproduceOptions {
  const { check, help, only } = parse(args);
  const experiments = all.filter(({ name }) => only === undefined || name === only);
  if (experiments.length === 0) {
    throw new UserError(
      `There is no table "${only}". Choose one of: ${all.map(({ name }) => name).join(", ")}.`,
    );
  }
  return { check: check ?? false, help: help ?? false, experiments };
}

function parse(args: readonly string[]) {
  return parseOptions("npm run reproduce", args, {
    check: { type: "boolean" },
    help: { type: "boolean", short: "h" },
    only: { type: "string" },
  });
}

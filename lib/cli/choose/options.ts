import { lineName } from "../../experiments/scene-tables/answers";
import type { SceneLine } from "../../experiments/scene-tables/line";
import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";

export const HELP = `npm run choose                                choose the step sizes of every line of the tables on scenes
npm run choose -- "probe, attention" …        choose those of some lines
npm run choose -- --again LINE …              forget what was tried for the lines, and try it again

Each line gets three step sizes, and one more where the best lies at an end, on two repeats that no table uses, by validation
accuracy alone. All trials stand in data/reference/choices.csv; tables take the best. Choosing others makes runs stale.
`;

export interface ChooseOptions {
  help: boolean;
  again: boolean;
  lines: readonly SceneLine[];
}

/** @throws UserError for an unknown option or line */
export function readOptions(args: readonly string[], all: readonly SceneLine[]): ChooseOptions {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const { help, again } = parseOptions(
    "npm run choose",
    args.filter((arg) => arg.startsWith("-")),
    { help: { type: "boolean", short: "h" }, again: { type: "boolean" } },
  );
  const named = names.map((name) => {
    const line = all.find((known) => lineName(known) === name);
    if (line) return line;
    throw new UserError(
      `There is no line "${name}". Choose some of: ${all.map((known) => `"${lineName(known)}"`).join(", ")}.`,
    );
  });
  return { help: help ?? false, again: again ?? false, lines: names.length > 0 ? named : all };
}

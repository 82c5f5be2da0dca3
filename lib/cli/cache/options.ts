import { UserError } from "../../runtime/user-error";
import { parseArguments, wholeNumber } from "../options";

export const HELP = `npm run cache                                 list what lies in data/cache, with sizes and when it was last used
npm run cache -- --prune NAME…                remove some of it, by the names of the list
npm run cache -- --prune --older-than DAYS    remove features that nobody asked for in so many days

All of it can be computed again. Features take minutes, the records of tables hours: these are removed by name alone.
`;

export interface CacheCommand {
  help: boolean;
  prune: boolean;
  names: string[];
  olderThan: number | undefined;
}

/** @throws UserError for an unknown option, and unless it is said what is to be removed */
export function readOptions(args: readonly string[]): CacheCommand {
  const { values, names } = parseArguments("npm run cache", args, {
    help: { type: "boolean", short: "h" },
    prune: { type: "boolean" },
    "older-than": { type: "string" },
  });
  const { help = false, prune = false, "older-than": days } = values;
  const refuse = (why: string) => new UserError(`${why}. \`npm run cache -- --help\` says more.`);
  if (!prune && (names.length > 0 || days !== undefined)) throw refuse("Without --prune nothing is removed");
  if (prune && names.length === 0 && days === undefined)
    throw refuse("Say what to remove: names of the list, or --older-than DAYS");
  if (names.length > 0 && days !== undefined)
    throw refuse("Name what to remove, or say --older-than, not both");
  return { help, prune, names, olderThan: days === undefined ? undefined : wholeNumber("older-than", days) };
}

import { parseArgs } from "node:util";
import { UserError } from "../../runtime/user-error";

export const HELP = `npm run family               write README's tables of the attention family, from the layers themselves
npm run family -- --check    write nothing; fail where README does not follow from the layers
`;

export type FamilyMode = "write" | "check" | "help";

/** @throws UserError for an unknown option. */
export function readOptions(args: readonly string[]): FamilyMode {
  try {
    const { check, help } = parseArgs({
      args: [...args],
      options: { check: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    }).values;
    return help ? "help" : check ? "check" : "write";
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.\s/);
    throw new UserError(`${reason}. \`npm run family -- --help\` lists the options.`);
  }
}

import { parseOptions } from "../options";

export const HELP = `npm run family               write the tables of the attention family in data/reference/README.md, from the layers themselves
npm run family -- --check    write nothing; fail where they don't follow from the layers
`;

export type FamilyMode = "write" | "check" | "help";

/** @throws UserError for an unknown option. */
export function readOptions(args: readonly string[]): FamilyMode {
  const { check, help } = parseOptions("npm run family", args, {
    check: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  });
  return help ? "help" : check ? "check" : "write";
}

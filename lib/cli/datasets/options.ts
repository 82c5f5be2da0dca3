import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";

export const HELP = `npm run datasets -- get fashion-mnist               bring Fashion-MNIST (31 MB, MIT licence) into data/cache/fashion-mnist
npm run datasets -- get fashion-mnist --from FILE   take Debian's package dataset-fashion-mnist, which is here

Other sets are read where you unpacked them: see \`readImageSet\` and \`npm run transfer -- --help\`.
`;

/** @throws UserError for anything but what the help says */
export function readOptions(args: readonly string[]): { from: string | undefined } | "help" {
  const words = args.findIndex((arg) => arg.startsWith("-"));
  const named = words < 0 ? args : args.slice(0, words);
  const { from, help } = parseOptions("npm run datasets", words < 0 ? [] : args.slice(words), {
    from: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (help) return "help";
  if (named.join(" ") !== "get fashion-mnist")
    throw new UserError(
      `What can be brought is fashion-mnist: npm run datasets -- get fashion-mnist; "${named.join(" ")}" was given.`,
    );
  return { from };
}

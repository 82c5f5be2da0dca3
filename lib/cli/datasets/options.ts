import { UserError } from "../../runtime/user-error";
import { parseArguments } from "../options";

export const HELP = `npm run datasets -- get fashion-mnist               bring Fashion-MNIST (31 MB, MIT licence) into data/cache/fashion-mnist
npm run datasets -- get fashion-mnist --from FILE   take Debian's package dataset-fashion-mnist, which is here

Other sets are read where you unpacked them: see \`readImageSet\` and \`npm run transfer -- --help\`.
`;

/** @throws UserError for anything but what the help says */
export function readOptions(args: readonly string[]): { from: string | undefined } | "help" {
  const { values, names } = parseArguments("npm run datasets", args, {
    from: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) return "help";
  if (names.join(" ") !== "get fashion-mnist")
    throw new UserError(
      `What can be brought is fashion-mnist: npm run datasets -- get fashion-mnist; "${names.join(" ")}" was given.`,
    );
  return { from: values.from };
}

import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";
import { sourcePackages } from "./packages";

export const HELP = `Makes data/cutouts-in-clutter from the original Debian packages:
${sourcePackages.map(({ name, version }) => `  ${name}_${version}_all.deb`).join("\n")}

  npm run make-cutouts -- --packages FOLDER [--into FOLDER]

  --packages  where the packages lie
  --into      where the data goes, in place of data/cutouts-in-clutter
`;

/** @throws UserError for an unknown option, or when the packages' folder is not named. */
export function readOptions(args: readonly string[]): { packages: string; into?: string } | "help" {
  const { packages, into, help } = parseOptions("npm run make-cutouts", args, {
    packages: { type: "string" },
    into: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (help) return "help";
  if (packages === undefined) {
    throw new UserError(
      "Say where the Debian packages lie: --packages FOLDER. `npm run make-cutouts -- --help` names the packages.",
    );
  }
  return into === undefined ? { packages } : { packages, into };
}

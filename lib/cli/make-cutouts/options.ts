import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";
import { dataSets } from "./data-sets";
import { fileName, sourcePackages } from "./packages";

const filesOf = ({ packages }: { packages: readonly string[] }) =>
  sourcePackages.filter(({ name }) => packages.includes(name)).map((wanted) => `  ${fileName(wanted)}`);

export const HELP = `Makes a folder of data from the original Debian packages:
${Object.entries(dataSets)
  .flatMap(([name, set]) => ["", `data/${name}, from`, ...filesOf(set)])
  .join("\n")}

  npm run make-cutouts -- --packages FOLDER [--set NAME] [--into FOLDER]

  --packages  where the packages lie
  --set       which folder of data is made; cutouts-in-clutter where none is named
  --into      where the data goes, in place of the folder of data
`;

export interface MakeCutoutsOptions {
  packages: string;
  /** A key of `dataSets`. */
  set: string;
  into?: string;
}

/** @throws UserError for an unknown option or set, or when the packages' folder is not named. */
export function readOptions(args: readonly string[]): MakeCutoutsOptions | "help" {
  const {
    packages,
    set = "cutouts-in-clutter",
    into,
    help,
  } = parseOptions("npm run make-cutouts", args, {
    packages: { type: "string" },
    set: { type: "string" },
    into: { type: "string" },
    help: { type: "boolean", short: "h" },
  });
  if (help) return "help";
  if (!Object.hasOwn(dataSets, set)) {
    throw new UserError(
      `There is no set "${set}": --set takes ${Object.keys(dataSets).join(" or ")}. \`npm run make-cutouts -- --help\` lists the options.`,
    );
  }
  if (packages === undefined) {
    throw new UserError(
      "Say where the Debian packages lie: --packages FOLDER. `npm run make-cutouts -- --help` names the packages.",
    );
  }
  return into === undefined ? { packages, set } : { packages, set, into };
}

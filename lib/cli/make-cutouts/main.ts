import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { dataFolder, projectFolder, writeAtomically } from "../../runtime/files";
import { UserError } from "../../runtime/user-error";
import { contactSheet } from "./contact-sheet";
import { makeBackgrounds } from "./make-backgrounds";
import { makeObjects } from "./make-objects";
import { sourcePackages } from "./packages";

const usage = `Makes data/cutouts-in-clutter from the original Debian packages:
${sourcePackages.map(({ name, version }) => `  ${name}_${version}_all.deb`).join("\n")}

  npm run make-cutouts -- --packages FOLDER [--into FOLDER]

  --packages  where the packages lie
  --into      where the data goes, in place of data/cutouts-in-clutter
`;

/** Reads the lists of choices beside this file, and the packages; writes images, tables and a contact sheet. */
async function main(): Promise<void> {
  const options = readOptions();
  if (options.help) {
    console.log(usage);
    return;
  }
  if (!options.packages) throw new UserError(`Say where the packages lie: --packages FOLDER.\n\n${usage}`);
  const into = path.resolve(options.into ?? path.join(dataFolder(), "cutouts-in-clutter"));
  const choices = path.join(projectFolder(), "lib", "cli", "make-cutouts");

  // Nothing of an earlier run may stay behind.
  for (const folder of ["objects", "backgrounds"]) {
    await fs.promises.rm(path.join(into, folder), { recursive: true, force: true });
  }
  const objects = await makeObjects(options.packages, path.join(choices, "objects-selection.csv"), into);
  console.log(`${objects.flat().length} objects of ${objects.length} classes`);
  const backgrounds = await makeBackgrounds(
    options.packages,
    path.join(choices, "backgrounds-selection.csv"),
    into,
  );
  console.log(`${backgrounds.length} backgrounds`);

  const sheet = await contactSheet(
    [
      ...objects.map((ofClass) => ofClass.map((bytes) => ({ bytes, side: 48 }))),
      backgrounds.map((bytes) => ({ bytes, side: 100 })),
    ],
    1044,
  );
  await writeAtomically(path.join(into, "contact-sheet.png"), sheet);
  console.log(`written to ${into}`);
}

function readOptions(): { packages?: string; into?: string; help?: boolean } {
  try {
    return parseArgs({
      options: { packages: { type: "string" }, into: { type: "string" }, help: { type: "boolean" } },
    }).values;
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n\n${usage}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
});

import * as fs from "node:fs";
import * as path from "node:path";
import { dataFolder, projectFolder, writeAtomically } from "../../node/files";
import { runMain } from "../run-main";
import { dataSets } from "./data-sets";
import { HELP, readOptions } from "./options";
import { readPackage, sourcePackages } from "./packages";

/** Reads the lists of choices beside this file, and the packages; writes images, tables and a contact sheet. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") {
    console.log(HELP);
    return;
  }
  const set = dataSets[options.set]!;
  const into = path.resolve(options.into ?? path.join(dataFolder(), options.set));
  const choices = path.join(projectFolder(), "lib", "cli", "make-cutouts");

  const packages = new Map<string, Buffer>();
  for (const wanted of sourcePackages.filter(({ name }) => set.packages.includes(name))) {
    packages.set(wanted.name, await readPackage(options.packages, wanted));
  }
  const made = await set.make(packages, (name) => path.join(choices, `${name}-selection.csv`));

  // All is made before the first file is touched; then nothing of an earlier run stays behind.
  for (const folder of set.folders) {
    await fs.promises.rm(path.join(into, folder), { recursive: true, force: true });
  }
  for (const [name, { table, images }] of Object.entries(made.tables)) {
    for (const { file, bytes } of images) await writeAtomically(path.join(into, file), bytes);
    await writeAtomically(path.join(into, name), table);
    console.log(`${images.length} images of ${name}`);
  }
  if (made.contactSheet) await writeAtomically(path.join(into, "contact-sheet.png"), made.contactSheet);
  console.log(`written to ${into}`);
}

runMain(main);

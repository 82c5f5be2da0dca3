import * as fs from "node:fs";
import * as path from "node:path";
import { objectSide } from "../../datasets/cutouts/layout";
import { dataFolder, projectFolder, writeAtomically } from "../../node/files";
import { runMain } from "../run-main";
import { contactSheet } from "./contact-sheet";
import { makeBackgrounds } from "./make-backgrounds";
import { type MadeImages, makeObjects } from "./make-objects";
import { HELP, readOptions } from "./options";
import { readPackage, sourcePackages } from "./packages";

/** Reads the lists of choices beside this file, and the packages; writes images, tables and a contact sheet. */
async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === "help") {
    console.log(HELP);
    return;
  }
  const into = path.resolve(options.into ?? path.join(dataFolder(), "cutouts-in-clutter"));
  const choices = path.join(projectFolder(), "lib", "cli", "make-cutouts");

  const packages = new Map<string, Buffer>();
  for (const wanted of sourcePackages) {
    packages.set(wanted.name, await readPackage(options.packages, wanted));
  }
  const objects = await makeObjects(packages, path.join(choices, "objects-selection.csv"));
  console.log(`${objects.images.length} objects`);
  const backgrounds = await makeBackgrounds(packages, path.join(choices, "backgrounds-selection.csv"));
  console.log(`${backgrounds.images.length} backgrounds`);

  // All is made before the first file is touched; then nothing of an earlier run stays behind.
  for (const folder of ["objects", "backgrounds"]) {
    await fs.promises.rm(path.join(into, folder), { recursive: true, force: true });
  }
  for (const { file, bytes } of [...objects.images, ...backgrounds.images]) {
    await writeAtomically(path.join(into, file), bytes);
  }
  await writeAtomically(path.join(into, "objects.csv"), objects.table);
  await writeAtomically(path.join(into, "backgrounds.csv"), backgrounds.table);
  await writeAtomically(path.join(into, "contact-sheet.png"), await sheetOf(objects, backgrounds));
  console.log(`written to ${into}`);
}

/** The objects, each class on rows of its own, and below them the backgrounds. */
async function sheetOf(objects: MadeImages, backgrounds: MadeImages): Promise<Buffer> {
  const classes = [...new Set(objects.images.map((image) => image.className))];
  const rows = classes.map((name) =>
    objects.images
      .filter((image) => image.className === name)
      .map(({ bytes }) => ({ bytes, side: objectSide })),
  );
  return contactSheet([...rows, backgrounds.images.map(({ bytes }) => ({ bytes, side: 100 }))], 1044);
}

runMain(main);

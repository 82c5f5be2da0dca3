import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../runtime/user-error";
import { cacheFolder } from "../files";
import { findInstalledWeights } from "../load-efficientnet-lite0";
import type { PublishedWeights } from "./published-entry";
import { findPublishedWeights } from "./published-weights";

/** The folder of weights that were downloaded. */
export function weightsFolder(): string {
  return path.join(cacheFolder(), "weights");
}

/** Where an entry's file lies once it is here. */
export function placeOfWeights({ file }: PublishedWeights, folder = weightsFolder()): string {
  return path.join(folder, file);
}

/** The file of an entry, where it is here: in the cache, or where the set-up put it. */
export function weightsHere(entry: PublishedWeights, folder = weightsFolder()): string | undefined {
  const place = placeOfWeights(entry, folder);
  if (fs.existsSync(place)) return place;
  return entry.name === "efficientnet-lite0" ? findInstalledWeights() : undefined;
}

/**
 * The file of published weights by their name, such as `resnet50`, as `npm run weights -- get resnet50` keeps it.
 * @throws UserError where the name is unknown, and where the file is not here: which command brings it
 */
export function findWeights(name: string): string {
  const entry = findPublishedWeights(name);
  const file = weightsHere(entry);
  if (file !== undefined) return file;
  throw new UserError(
    `The weights ${name} (${entry.file}, ${entry.megabytes} MB) are not here yet. \`npm run weights -- get ${name}\` brings them.`,
  );
}

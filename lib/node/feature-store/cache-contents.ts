import * as fs from "node:fs";
import * as path from "node:path";
import { readOrigin } from "./store";

/** Something in the cache that can be removed by itself. */
export interface CacheEntry {
  /** Relative to the cache, with forward slashes. */
  name: string;
  /** What it is, in words. */
  what: string;
  files: number;
  bytes: number;
  /** When it was last written or asked for, in milliseconds since 1970. */
  usedAt: number;
  /** Whether it is features, which are quickly computed again. */
  isFeatures: boolean;
  /** Files and folders that it is made of. */
  places: readonly string[];
}

const featuresFolder = "features";
/** Folders of the cache that commands write, in words. */
const known: Readonly<Record<string, string>> = {
  runs: "records of the tables' runs, hours to compute again",
  transfer: "what npm run transfer left: reports and models",
};

/** What lies in the cache, features by their origin, the largest first. */
export function cacheContents(cache: string): CacheEntry[] {
  const entries: CacheEntry[] = [];
  for (const { name } of entriesOf(cache)) {
    const place = path.join(cache, name);
    if (name !== featuresFolder) {
      entries.push(entryOf(name, known[name] ?? "of another command", [place], false));
      continue;
    }
    const inside = entriesOf(place);
    for (const folder of inside.filter((one) => one.isDirectory())) {
      const origin = readOrigin(path.join(place, folder.name));
      const what = origin
        ? `features of ${origin.backbone} at ${origin.cut}${origin.precision ? " in half precision" : ""}`
        : "features whose origin is not told";
      entries.push(entryOf(`${featuresFolder}/${folder.name}`, what, [path.join(place, folder.name)], true));
    }
    const loose = inside.filter((one) => !one.isDirectory()).map((one) => path.join(place, one.name));
    if (loose.length > 0)
      entries.push(entryOf(featuresFolder, "features of whole sets, a file each", loose, true));
  }
  return entries.sort((one, other) => other.bytes - one.bytes || (one.name < other.name ? -1 : 1));
}

/** Removes an entry; what is missing already is no fault. */
export async function removeFromCache({ places }: CacheEntry): Promise<void> {
  for (const place of places) await fs.promises.rm(place, { recursive: true, force: true });
}

function entriesOf(folder: string): fs.Dirent[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true });
}

function entryOf(name: string, what: string, places: readonly string[], isFeatures: boolean): CacheEntry {
  let [files, bytes, usedAt] = [0, 0, 0];
  const add = (place: string) => {
    const stats = fs.lstatSync(place, { throwIfNoEntry: false });
    // Removed meanwhile by a command that is at work.
    if (!stats) return;
    if (stats.isDirectory()) {
      for (const inner of entriesOf(place)) add(path.join(place, inner.name));
      return;
    }
    files++;
    bytes += stats.size;
    usedAt = Math.max(usedAt, stats.mtimeMs);
  };
  for (const place of places) add(place);
  return { name, what, files, bytes, usedAt, isFeatures, places };
}

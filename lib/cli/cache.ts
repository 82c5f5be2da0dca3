import { type CacheEntry, cacheContents, removeFromCache } from "../node/feature-store/cache-contents";
import { cacheFolder } from "../node/files";
import { UserError } from "../runtime/user-error";
import { HELP, readOptions } from "./cache/options";
import { runMain } from "./run-main";

const day = 86_400_000;

async function main(): Promise<void> {
  const { help, prune, names, olderThan } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  const entries = cacheContents(cacheFolder());
  if (!prune) {
    for (const entry of entries) console.log(lineOf(entry));
    console.log(`${sizeOf(entries)} in ${cacheFolder()}`);
    return;
  }
  const unknown = names.find((name) => !entries.some((entry) => entry.name === name));
  if (unknown !== undefined)
    throw new UserError(`There is no "${unknown}" in the cache. \`npm run cache\` lists what there is.`);
  const removed = entries.filter(({ name, isFeatures, usedAt }) =>
    olderThan === undefined ? names.includes(name) : isFeatures && Date.now() - usedAt > olderThan * day,
  );
  for (const entry of removed) {
    await removeFromCache(entry);
    console.log(`removed: ${lineOf(entry)}`);
  }
  console.log(`${sizeOf(removed)} freed`);
}

function lineOf(entry: CacheEntry): string {
  const days = Math.floor((Date.now() - entry.usedAt) / day);
  const used =
    entry.files === 0 ? "empty" : days < 1 ? "used today" : `used ${days} day${days === 1 ? "" : "s"} ago`;
  return `${sizeOf([entry]).padStart(9)}  ${entry.name}  (${entry.what}; ${entry.files} files, ${used})`;
}

function sizeOf(entries: readonly CacheEntry[]): string {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

runMain(main);

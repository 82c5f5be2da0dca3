import type { PublishedWeights } from "../../node/published-weights/published-entry";
import { publishedWeights } from "../../node/published-weights/published-weights";
import { weightsFolder, weightsHere } from "../../node/published-weights/weights-cache";

/** What is known of each entry, as the text of `npm run weights -- list`. */
export function listWeights(folder = weightsFolder()): string {
  return [...publishedWeights.map((entry) => describe(entry, folder)), `They are kept in ${folder}.`].join(
    "\n\n",
  );
}

function describe(entry: PublishedWeights, folder: string): string {
  const { name, architecture, origin, licence, megabytes, digest } = entry;
  const place = weightsHere(entry, folder);
  return [
    `${name}: ${architecture}, ${megabytes} MB, ${place === undefined ? "not here" : `here: ${place}`}`,
    `  from     ${origin}`,
    `  licence  ${licence}`,
    `  SHA-256  ${describeDigest(digest)}`,
  ].join("\n");
}

function describeDigest(digest: string | undefined): string {
  if (digest === undefined) return "not known: what comes is only read, not compared";
  return digest.length === 64
    ? digest
    : `${digest}… (its publisher tells the first ${digest.length} digits, in its name)`;
}

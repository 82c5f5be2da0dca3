import { terminalProgress } from "../../display/cells/progress";
import { getWeights } from "../../node/published-weights/get-weights";
import { findPublishedWeights } from "../../node/published-weights/published-weights";
import { weightsHere } from "../../node/published-weights/weights-cache";

/**
 * Brings weights by their name.
 * @returns what to tell the user
 */
export async function get(name: string, from: string | undefined): Promise<string> {
  const entry = findPublishedWeights(name);
  const here = weightsHere(entry);
  if (here !== undefined && from === undefined) return `${name} is here already: ${here}`;
  const progress = terminalProgress(name);
  const { file, digest } = await getWeights(entry, {
    from,
    onProgress: (done, total) => progress(done / total, 1),
  });
  const { digest: known } = entry;
  const compared =
    known === undefined
      ? "nothing was known to compare it with"
      : known.length === 64
        ? "as it should be"
        : `its first ${known.length} digits are those that its publisher tells`;
  return `${name} is here: ${file}\nSHA-256 ${digest} (${compared})\nLicence: ${entry.licence}`;
}

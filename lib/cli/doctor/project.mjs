// What the experiments read: pretrained weights, data, and the cache of what was computed.
import * as fs from "node:fs";
import * as path from "node:path";
import { inCheckout, notebooksFolder, root } from "../setup/places.mjs";
import { installedWeights } from "../setup/weights-file.mjs";

/** @typedef {import("./main.mjs").Finding} Finding */

const dataFolder = path.join(root, "data");
const setUp = "Run `npm run setup`; if it stops, it says why.";
const restore = "Bring the committed files back: `git restore data notebooks`.";

/** @returns {AsyncGenerator<Finding>} */
export async function* projectFindings() {
  yield weights();
  yield committed("data", path.join(dataFolder, "cutouts-in-clutter"), /\.(png|jpe?g|webp)$/, "photographs");
  yield committed("photographs", path.join(dataFolder, "photographs"), /\.jpe?g$/, "photographs");
  yield committed("notebooks", notebooksFolder, /\.ipynb$/, "notebooks");
  const kept = filesBelow(path.join(dataFolder, "cache"));
  const bytes = kept.reduce((sum, file) => sum + fs.statSync(file).size, 0);
  yield {
    subject: "cache",
    value: `${kept.length} files, ${megabytes(bytes)} in data/cache (may be deleted)`,
  };
}

/** @returns {Finding} */
function weights() {
  const subject = "weights";
  const file = installedWeights();
  if (!file) return { subject, value: "EfficientNet-Lite0's ImageNet weights not found", missing: setUp };
  return {
    subject,
    value: `EfficientNet-Lite0, ImageNet: ${inCheckout(file)} (${megabytes(fs.statSync(file).size)})`,
  };
}

/**
 * @param {string} subject
 * @param {string} folder
 * @param {RegExp} pattern
 * @param {string} noun
 * @returns {Finding}
 */
function committed(subject, folder, pattern, noun) {
  const files = filesBelow(folder).filter(
    (file) => pattern.test(file) && !file.includes(".ipynb_checkpoints"),
  );
  const value = `${files.length} ${noun} in ${inCheckout(folder)}`;
  return files.length > 0 ? { subject, value } : { subject, value, missing: restore };
}

/**
 * @param {string} folder
 * @returns {string[]} files below the folder, none when it is missing
 */
function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const place = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(place) : [place];
  });
}

/** @param {number} bytes */
function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

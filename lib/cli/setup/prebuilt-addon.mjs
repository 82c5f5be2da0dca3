// tfjs-node's own prebuilt addon on TensorFlow 2.9 or older, for systems where none can be compiled here.
import * as fs from "node:fs";
import * as path from "node:path";
import { tryCommand } from "./command.mjs";
import { addonPlace, tfjsNode } from "./compile-addon.mjs";
import { nodeModules } from "./places.mjs";
import { lastLines } from "./step-error.mjs";

const limitSeconds = 600;

/**
 * Runs the package's install script.
 * @param {import("./step-line.mjs").StepLine} line
 * @returns {Promise<string | undefined>} why it failed
 */
export async function bringPrebuiltAddon(line) {
  removePrebuiltAddon();
  const show = setInterval(
    () => line.update(`downloading tfjs-node's prebuilt TensorFlow, ${unpackedMB()} MB unpacked`),
    500,
  );
  const description = path.join(tfjsNode, "package.json");
  const before = fs.readFileSync(description);
  const bin = path.join(nodeModules, ".bin");
  const { status, output } = await tryCommand(
    process.execPath,
    [path.join("scripts", "install.js"), "cpu", "download"],
    { cwd: tfjsNode, env: { PATH: `${bin}${path.delimiter}${process.env.PATH ?? ""}` }, limitSeconds },
  ).finally(() => clearInterval(show));
  // The script rewrites its package's description while it works, and leaves it so when it fails.
  fs.writeFileSync(description, before);
  if (status === 0 && fs.existsSync(addonPlace)) return undefined;
  removePrebuiltAddon();
  if (status === 124) return `it did not arrive within ${limitSeconds / 60} minutes`;
  return output.match(/Error: (.*)/)?.[1] ?? lastLines(output, 1);
}

/** The script unpacks while it downloads, so what is unpacked shows that it goes on. */
function unpackedMB() {
  const libraries = path.join(tfjsNode, "deps", "lib");
  if (!fs.existsSync(libraries)) return 0;
  const sizes = fs.readdirSync(libraries).map((file) => fs.lstatSync(path.join(libraries, file)).size);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1e6);
}

/** Takes away what the install script brought, also when it failed half-way. */
export function removePrebuiltAddon() {
  for (const folder of ["lib", "deps"])
    fs.rmSync(path.join(tfjsNode, folder), { recursive: true, force: true });
}

// Brings the packages of the WebGPU backend into data/cache/webgpu: 57 MB to download and 163 MB on disk, which nobody
// without a graphics card needs. TensorFlow.js's core is the project's own, so that both register with the same one.
import * as path from "node:path";
import { installApart } from "../setup/install-apart.mjs";
import { root } from "../setup/places.mjs";

/** Where the library looks for them in a checkout. */
export const webGpuFolder = path.join(root, "data", "cache", "webgpu");

export function installWebGpu() {
  return installApart({
    title: "WebGPU",
    what: "the packages of WebGPU",
    from: path.join(root, "lib", "cli", "webgpu"),
    to: webGpuFolder,
    options: ["--omit=peer"],
  });
}

// `npm run gpu-bundle`: packs the acceptance test of a graphics card, so that it runs on a machine with nothing but a
// driver: Linux x64, no Node, no network.
import * as fs from "node:fs";
import * as path from "node:path";
import { build } from "esbuild";
import { runCommand, tryCommand } from "../setup/command.mjs";
import { takesNoOptions } from "../setup/no-options.mjs";
import { buildFolder, inCheckout, nodeModules, root } from "../setup/places.mjs";
import { StepError } from "../setup/step-error.mjs";
import { StepLine } from "../setup/step-line.mjs";
import { installWebGpu, webGpuFolder } from "../webgpu/install.mjs";

const name = "gpu-test";
const folder = path.join(root, "data", "cache", name);
const archive = path.join(root, "data", "cache", `${name}.tar.xz`);
const core = "@tensorflow/tfjs-core";
const wasm = "@tensorflow/tfjs-backend-wasm";
const webgpu = "@tensorflow/tfjs-backend-webgpu";

async function pack() {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new StepError("The bundle is packed on Linux x64, for which it is meant.");
  await installWebGpu();
  const line = new StepLine("bundle");
  line.update("gathering");
  fs.rmSync(folder, { recursive: true, force: true });
  await bundlePrograms();
  await bundlePackages();
  line.update("computing what the card's numbers are compared with");
  await computeReference();
  copy(process.execPath, "bin/node");
  const { found, missing } = await findLoaders();
  for (const place of found) copy(place, `vulkan/${path.basename(place)}`);
  const { output } = await tryCommand("git", ["describe", "--always", "--dirty"], { cwd: root });
  fs.writeFileSync(path.join(folder, "VERSION"), `${output.trim()}\n`);
  copy(path.join(root, "lib", "cli", "gpu-bundle", "run.sh"), "run");
  copy(path.join(root, "LICENSE"), "LICENSE");
  line.update("packing (about a minute)");
  await runCommand("tar", ["-cJf", archive, "-C", path.dirname(folder), name], {
    // On every processor.
    env: { XZ_OPT: "-6 -T0" },
    failure: "The bundle could not be packed.",
  });
  fs.rmSync(folder, { recursive: true });
  line.end(`${inCheckout(archive)}, ${(fs.statSync(archive).size / 1e6).toFixed(1)} MB`);
  if (missing.length > 0)
    console.log(
      `Not here, so not packed, and needed there: ${missing.join(", ")} (Debian: libvulkan1, libegl1).`,
    );
  console.log(`On the other machine: tar -xf ${name}.tar.xz && ${name}/run`);
}

/** The test's programs, each one file with the library in it; TensorFlow.js's core stays one package for all of them. */
async function bundlePrograms() {
  const place = path.join("cli", "doctor", "gpu");
  await build({
    entryPoints: ["main.js", "side.js"].map((file) => path.join(buildFolder, place, file)),
    outdir: path.join(folder, "lib", place),
    external: [core, wasm, `${wasm}/package.json`, "sharp", "danfojs-node"],
    ...settings,
  });
}

/** TensorFlow's own kernels are too large for the bundle, and plain JavaScript takes half an hour. */
async function computeReference() {
  const side = path.join(buildFolder, "cli", "doctor", "gpu", "side.js");
  const parameters = [side, "native", "checks,losses", path.join(folder, "reference.json")];
  await runCommand(process.execPath, parameters, { failure: "The reference could not be computed." });
}

async function bundlePackages() {
  for (const { from, packed } of [
    { from: nodeModules, packed: core },
    { from: nodeModules, packed: wasm },
    { from: path.join(webGpuFolder, "node_modules"), packed: webgpu },
  ]) {
    const { version, main } = JSON.parse(fs.readFileSync(path.join(from, packed, "package.json"), "utf8"));
    const target = path.join("node_modules", packed);
    await build({
      entryPoints: [path.join(from, packed, main)],
      outfile: path.join(folder, target, "dist", "main.js"),
      external: packed === core ? [] : [core],
      ...settings,
    });
    const description = { name: packed, version, main: "dist/main.js" };
    fs.writeFileSync(path.join(folder, target, "package.json"), JSON.stringify(description));
  }
  for (const file of ["tfjs-backend-wasm.wasm", "tfjs-backend-wasm-simd.wasm"])
    copy(path.join(nodeModules, wasm, "dist", file), path.join("node_modules", wasm, "dist", file));
  for (const file of ["package.json", "index.js", "LICENSE.md", "dist/linux-x64/dawn.node"])
    copy(path.join(webGpuFolder, "node_modules", "webgpu", file), path.join("node_modules", "webgpu", file));
}

/** @type {import("esbuild").BuildOptions} */
const settings = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  keepNames: true,
  logLevel: "error",
};

/** @param {string} from @param {string} to inside the bundle */
function copy(from, to) {
  const target = path.join(folder, to);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.copyFileSync(from, target);
}

/**
 * What finds a driver on the other machine: Vulkan's loader, and the libraries of GLVND, without which NVIDIA's driver
 * starts nothing. Bare machines and containers have the driver alone.
 */
const loaders = ["libvulkan.so.1", "libGLdispatch.so.0", "libGLX.so.0", "libEGL.so.1", "libOpenGL.so.0"];

/** @returns {Promise<{ found: string[], missing: string[] }>} the loaders of this system */
async function findLoaders() {
  const { output } = await tryCommand("ldconfig", ["-p"]);
  const folders = (process.env.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean);
  /** @type {string[]} */
  const found = [];
  /** @type {string[]} */
  const missing = [];
  for (const file of loaders) {
    const known = output
      .split("\n")
      .filter((line) => line.trim().startsWith(`${file} `) && line.includes("x86-64"))
      .map((line) => line.split(" => ")[1] ?? "");
    const place = [...folders.map((each) => path.join(each, file)), ...known].find((each) =>
      fs.existsSync(each),
    );
    if (place) found.push(place);
    else missing.push(file);
  }
  return { found, missing };
}

const help =
  "npm run gpu-bundle  packs the test of a graphics card for a bare Linux x64 machine, into data/cache/gpu-test.tar.xz";

if (takesNoOptions("npm run gpu-bundle", help, process.argv.slice(2))) {
  await pack().catch((error) => {
    if (!(error instanceof StepError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  });
}

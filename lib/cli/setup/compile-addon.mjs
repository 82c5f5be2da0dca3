// tfjs-node's addon, compiled from the unmodified C++ sources of its npm package against the wheel's libraries.
//
// The addon speaks Node-API, whose ABI is stable over Node versions, so one binary serves them all, and the
// headers of the package `node-api-headers` do: neither node-gyp nor Node's own headers have to be downloaded.
import * as fs from "node:fs";
import * as path from "node:path";
import { runCommand } from "./command.mjs";
import { nodeModules } from "./places.mjs";

/** The addon's package, with the sources in `binding`. */
export const tfjsNode = path.join(nodeModules, "@tensorflow", "tfjs-node-gpu");
/** Version of Node-API that the package looks for: folder `lib/napi-v8`. */
const nodeApiVersion = 8;
/** Where the package looks for its addon. */
export const addonPlace = path.join(tfjsNode, "lib", `napi-v${nodeApiVersion}`, "tfjs_binding.node");

/** @returns {string | undefined} the C++ compiler: the one named by CXX, or one on the PATH */
export function findCompiler() {
  const folders = (process.env.PATH ?? "").split(path.delimiter).filter(Boolean);
  for (const compiler of [process.env.CXX, "g++", "clang++", "c++"]) {
    if (!compiler) continue;
    const places = path.isAbsolute(compiler)
      ? [compiler]
      : folders.map((folder) => path.join(folder, compiler));
    const found = places.find((place) => fs.existsSync(place));
    if (found) return found;
  }
  return undefined;
}

/** @returns {string[]} the C++ files */
export function addonSources() {
  const folder = path.join(tfjsNode, "binding");
  const names = fs.readdirSync(folder).filter((file) => /\.(cc|h)$/.test(file));
  return names.sort().map((file) => path.join(folder, file));
}

/**
 * @param {string} compiler
 * @param {string} folder has `tensorflow/` with libraries and headers, gets `tfjs_binding.node`
 */
export async function compileAddon(compiler, folder) {
  const tensorflow = path.join(folder, "tensorflow");
  const libraries = ["libtensorflow_cc.so.2", "libtensorflow_framework.so.2"];
  await runCommand(
    compiler,
    [
      ...["-shared", "-fPIC", "-std=c++17", "-O2", `-DNAPI_VERSION=${nodeApiVersion}`],
      ...[
        "-I",
        path.join(nodeModules, "node-api-headers", "include"),
        "-I",
        path.join(tensorflow, "include"),
      ],
      ...addonSources().filter((file) => file.endsWith(".cc")),
      ...libraries.map((library) => path.join(tensorflow, library)),
      // Found from the addon's own place, so the checkout can be moved.
      "-Wl,-rpath,$ORIGIN/tensorflow",
      ...["-o", path.join(folder, "tfjs_binding.node")],
    ],
    {
      env: { TMPDIR: folder },
      failure: `${compiler} could not compile TensorFlow's addon for Node (another compiler can be named in the variable CXX).`,
    },
  );
}

/**
 * Lets the package find the addon, by a relative link.
 * @param {string} folder has `tfjs_binding.node`
 */
export function linkAddon(folder) {
  fs.mkdirSync(path.dirname(addonPlace), { recursive: true });
  fs.rmSync(addonPlace, { force: true });
  fs.symlinkSync(path.relative(path.dirname(addonPlace), path.join(folder, "tfjs_binding.node")), addonPlace);
}

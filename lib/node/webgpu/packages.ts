import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "../../runtime/user-error";
import { cacheFolder } from "../files";
import type { Gpu, WebGpuBackendClass } from "./interfaces";

/** Dawn, Chromium's WebGPU, as Node takes it. */
export interface DawnPackage {
  create(flags: readonly string[]): Gpu;
  /** The classes and constants that a browser has as globals. */
  globals: Record<string, unknown>;
}

const dawn = "webgpu";
const backend = "@tensorflow/tfjs-backend-webgpu";

/** @throws UserError when Dawn is not installed or does not run here */
export async function loadDawn(): Promise<DawnPackage> {
  const file = find(dawn);
  try {
    // It is an ECMAScript module, which `require` takes from Node 22 on only.
    return (await import(pathToFileURL(file).href)) as DawnPackage;
  } catch (error) {
    throw new UserError(
      `The package ${dawn} is installed, but does not run here (${(error as Error).message.split("\n")[0]}). On Linux ` +
        "it needs glibc 2.34 or newer.",
    );
  }
}

/** @throws UserError when TensorFlow.js's backend is not installed */
export function loadBackendClass(): WebGpuBackendClass {
  const { WebGPUBackend } = require(find(backend)) as { WebGPUBackend: WebGpuBackendClass };
  return WebGPUBackend;
}

/** Where a package lies: beside this library, or in a checkout where `npm run doctor -- --gpu` puts both. */
function find(name: string): string {
  for (const folder of [__dirname, checkoutFolder()])
    try {
      if (folder) return require.resolve(name, { paths: [folder] });
    } catch {
      // Not there.
    }
  throw new UserError(
    `WebGPU needs the packages ${dawn} and ${backend}. In a checkout \`npm run doctor -- --gpu\` installs them; in a ` +
      `project of your own run: npm install ${dawn}@0.6.2 ${backend}@4.22.0`,
  );
}

function checkoutFolder(): string | undefined {
  try {
    const folder = path.join(cacheFolder(), "webgpu");
    return fs.existsSync(folder) ? folder : undefined;
  } catch {
    return undefined;
  }
}

import * as os from "node:os";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { mendWasm } from "../graph/mend-wasm";
import { UserError } from "../runtime/user-error";
import { loadNativeAddon } from "./native-addon";
import { loadGraphsThroughFolders } from "./saved-model-loader";
import type { WebGpuAdapter } from "./webgpu/start-webgpu";

/**
 * `native`: TensorFlow's own kernels; `wasm`: inference and heads only; `cpu`: plain JavaScript, slow; `webgpu`: any
 * vendor's graphics card, only where it is asked for.
 */
export type BackendName = (typeof backendNames)[number];

/** All of them. */
export const backendNames = ["native", "wasm", "cpu", "webgpu"] as const;

/** What computes, and with what: printed at the top of every notebook and kept in every run record. */
export interface RuntimeReport {
  backend: BackendName;
  /** The processor or graphics card that computes. */
  device: string;
  /** Threads that one operation may use. */
  threads: number;
  /** Version of Node. */
  node: string;
  /** Version of TensorFlow.js. */
  tfjs: string;
  /** Version of the TensorFlow library, on the native backend. */
  tensorflow?: string;
  /** Whether oneDNN's kernels are on, which changes the last digits; on the native backend. */
  oneDnn?: boolean;
  /** Whether a graphics adapter computes on the processor; on the webgpu backend. */
  software?: boolean;
  /** Why a better backend was passed over, one sentence each. */
  notes: string[];
  /** The same in one sentence. */
  summary: string;
}

interface NativeBackend {
  binding: { TF_Version: string };
  isUsingGpuDevice: boolean;
}

let started: Promise<RuntimeReport> | undefined;
/** What the webgpu backend computes on. */
let adapter: WebGpuAdapter | undefined;

/**
 * Starts the best backend that truly works: native, else wasm, else cpu. A backend counts as working when its
 * first operation gives a known answer, whatever `tf.setBackend` says.
 *
 * Call it once, before the first tensor; later calls return the same report.
 * @param backend asks for this one and for no other; where it is left out, the variable ATTENTION_BACKEND of the
 *   environment may name it.
 * @throws UserError when the backend asked for does not work here, or another one is running already.
 */
export async function startTensorFlow(backend?: BackendName): Promise<RuntimeReport> {
  started ??= choose(backend ?? namedInEnvironment()).catch((error) => {
    started = undefined;
    throw error;
  });
  const report = await started;
  if (backend && report.backend !== backend) {
    throw new UserError(
      `The ${report.backend} backend is already running; start a new process for ${backend}.`,
    );
  }
  return report;
}

function namedInEnvironment(): BackendName | undefined {
  const name = process.env.ATTENTION_BACKEND;
  if (!name) return undefined;
  const found = backendNames.find((each) => each === name);
  if (found) return found;
  throw new UserError(`ATTENTION_BACKEND names no backend: "${name}". There are ${backendNames.join(", ")}.`);
}

async function choose(wanted?: BackendName): Promise<RuntimeReport> {
  const notes: string[] = [];
  for (const backend of wanted ? [wanted] : (["native", "wasm", "cpu"] as const)) {
    const failure = await tryBackend(backend);
    if (!failure) return describe(backend, notes);
    notes.push(`The ${backend} backend does not work here: ${firstLine(failure)}`);
  }
  throw new UserError(`${notes.join(" ")} In a checkout \`npm run doctor\` shows what is missing.`);
}

/** Returns why the backend does not work, or undefined when it does. */
async function tryBackend(backend: BackendName): Promise<Error | undefined> {
  try {
    if (backend === "native") {
      const failure = loadNativeAddon();
      if (failure) return failure;
      loadGraphsThroughFolders();
    }
    if (backend === "wasm") {
      // Loaded only here: a project that never asks for this backend need not install it.
      const wasm = require("@tensorflow/tfjs-backend-wasm") as typeof import("@tensorflow/tfjs-backend-wasm");
      const folder = path.dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
      wasm.setWasmPaths(path.join(folder, "dist", path.sep));
    }
    // Not `require`: what only this backend takes is loaded, and counts in the digest of a run's code, only here.
    if (backend === "webgpu") adapter = await (await import("./webgpu/start-webgpu.js")).registerWebGpu();
    if (!(await tf.setBackend(backend === "native" ? "tensorflow" : backend)))
      return new Error("it could not be started.");
    await tf.ready();
    if (backend === "wasm") mendWasm();
    return (await givesKnownAnswer()) ? undefined : new Error("its first product of matrices was wrong.");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function givesKnownAnswer(): Promise<boolean> {
  const product = tf.tidy(() =>
    tf.matMul(
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      tf.tensor2d([
        [5, 6],
        [7, 8],
      ]),
    ),
  );
  const values = await product.data();
  product.dispose();
  return [19, 22, 43, 50].every((expected, i) => values[i] === expected);
}

function describe(backend: BackendName, notes: string[]): RuntimeReport {
  const native = backend === "native" ? (tf.backend() as unknown as NativeBackend) : undefined;
  const processor = os.cpus()[0]?.model.trim() ?? "unknown processor";
  // The addon computes on the last graphics card that it finds and does not tell its name.
  const card = backend === "webgpu" ? adapter : undefined;
  const device = card?.description ?? (native?.isUsingGpuDevice ? "NVIDIA GPU (CUDA)" : processor);
  // tfjs's wasm threads need web workers, which Node does not give it.
  const threads = native ? Number(process.env.TF_NUM_INTRAOP_THREADS) || os.availableParallelism() : 1;
  const report = { backend, device, threads, node: process.versions.node, tfjs: tf.version.tfjs, notes };
  const library = native
    ? { tensorflow: native.binding.TF_Version, oneDnn: process.env.TF_ENABLE_ONEDNN_OPTS !== "0" }
    : card
      ? { software: card.software }
      : {};
  const engine = native ? `TensorFlow ${native.binding.TF_Version}` : `TensorFlow.js ${backend}`;
  const where = card?.software ? `${device} (software: it computes on the processor)` : device;
  const counted = card ? "" : `, ${threads} thread${threads === 1 ? "" : "s"}`;
  const summary = `${engine} on ${where}${counted}, Node ${report.node}`;
  return { ...report, ...library, summary };
}

function firstLine(error: Error): string {
  return (error.message.split("\n")[0] ?? "").trim();
}

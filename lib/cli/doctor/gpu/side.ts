// One backend's side of the test, in a process of its own: `node side.js BACKEND PARTS FILE` writes what it found to a file.
import * as fs from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { type BackendName, type RuntimeReport, startTensorFlow } from "../../../node/start-tensorflow";
import type { Check } from "./check";
import { layerChecks } from "./layers";
import { type MemoryReading, readMemory } from "./memory";
import { networkChecks } from "./network";
import { operationChecks } from "./operations";
import { randomBackbone } from "./random-backbone";
import { measureSpeeds, type Speed } from "./throughput";
import { comparedTrainings, lossesOf } from "./training";

/** The parts of the test. */
export type Part = "checks" | "losses" | "memory" | "speeds";

/** A result's numbers, or why it could not be computed. */
export type CheckResult =
  | { name: string; kind: string; values: Record<string, number[]> }
  | { name: string; kind: string; failure: string };

/** What a side found. */
export interface SideResult {
  runtime: RuntimeReport;
  checks?: CheckResult[];
  /** The kernels of TensorFlow.js that ran in the checks. */
  kernels?: string[];
  losses?: { name: string; values: number[] }[];
  memory?: MemoryReading[];
  speeds?: Speed[];
}

async function main(): Promise<void> {
  const [backend, parts, file] = process.argv.slice(2) as [BackendName, string, string];
  const wanted = new Set(parts.split(",") as Part[]);
  const result: SideResult = { runtime: await startTensorFlow(backend) };
  const keep = () => fs.writeFileSync(file, JSON.stringify(result));
  const backbone = randomBackbone();
  if (wanted.has("checks")) {
    Object.assign(result, await runChecks([...operationChecks, ...layerChecks, ...networkChecks(backbone)]));
    keep();
  }
  if (wanted.has("losses")) {
    result.losses = comparedTrainings.map(({ name, steps, ...training }) => ({
      name,
      values: lossesOf(backbone, { name, ...training }, steps),
    }));
    keep();
  }
  if (wanted.has("memory")) result.memory = readMemory(backbone);
  keep();
  if (wanted.has("speeds")) result.speeds = await measureSpeeds(backbone);
  keep();
}

async function runChecks(checks: readonly Check[]): Promise<Pick<SideResult, "checks" | "kernels">> {
  const onWebGpu = tf.getBackend() === "webgpu";
  // Else small tensors are computed on the processor.
  if (onWebGpu) tf.env().set("WEBGPU_CPU_FORWARD", false);
  const results: CheckResult[] = [];
  const kernels = noteKernels();
  for (const { name, kind, run } of checks) {
    try {
      const values = tf.tidy(() =>
        Object.entries(run()).map(([key, tensor]) => [key, sample(tensor.dataSync())] as const),
      );
      results.push({ name, kind, values: Object.fromEntries(values) });
    } catch (error) {
      results.push({ name, kind, failure: (error as Error).message });
      await forgetErrors();
    }
  }
  if (onWebGpu) tf.env().set("WEBGPU_CPU_FORWARD", true);
  return { checks: results, kernels: [...kernels].sort() };
}

/** The names of all kernels of the backend that run from now on. */
function noteKernels(): ReadonlySet<string> {
  const names = new Set<string>();
  for (const kernel of tf.getKernelsForBackend(tf.getBackend())) {
    const { kernelName, backendName, kernelFunc } = kernel;
    tf.unregisterKernel(kernelName, backendName);
    const noted: tf.KernelFunc = (parameters) => {
      names.add(kernelName);
      return kernelFunc(parameters);
    };
    tf.registerKernel({ ...kernel, kernelFunc: noted });
  }
  return names;
}

/** Further errors of a program that a device refused come later, and are not those of the next check. */
async function forgetErrors(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
  try {
    tf.tidy(() => tf.ones([64]).add(1).dataSync());
  } catch {
    // One that came late.
  }
}

const MOST = 8192;

/** Values spread over an array of any size, in the digits of single precision; the odd stride meets every channel. */
function sample(values: ArrayLike<number>): number[] {
  const stride = Math.ceil(values.length / MOST) | 1;
  return Array.from({ length: Math.ceil(values.length / stride) }, (_, i) =>
    Number(values[i * stride]!.toPrecision(9)),
  );
}

main().catch((error: Error) => {
  console.error(error.name === "UserError" ? error.message : error);
  process.exitCode = 1;
});

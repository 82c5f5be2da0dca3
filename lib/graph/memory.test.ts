import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { Adam } from "./adam";
import { compile } from "./compile";
import { nativeBackend } from "./native-backend";

before(async () => {
  await startTensorFlow();
});

// 1000 and 10000 are the numbers that this was measured with; these find the same leaks in seconds.
const compilations = Number(process.env.GRAPH_COMPILATIONS ?? 100);
const steps = Number(process.env.GRAPH_STEPS ?? 1500);

/** Resident memory in MiB, after the garbage of JavaScript is gone as far as that can be asked for. */
function residentMemory(): number {
  globalThis.gc?.();
  return process.memoryUsage.rss() / 2 ** 20;
}

/** A compiled training step of 256 KiB of weights, run until it is a graph. */
function compiledStep(batch = 16): { run: () => void; graphs: () => number; dispose: () => void } {
  const weights = tf.tidy(() => tf.variable(tf.randomNormal([256, 256], 0, 0.1, "float32", 1)));
  const adam = new Adam([weights]);
  const step = compile(
    ({ x, rate }) =>
      adam.minimize(
        () =>
          x
            .matMul(weights as tf.Tensor2D)
            .tanh()
            .square()
            .mean(),
        rate,
      ),
    { inputs: { x: [null, 256], rate: [] } },
  );
  const x = tf.ones([batch, 256]);
  const run = () => {
    step({ x, rate: 1e-4 }).dispose();
  };
  for (let call = 0; call < 3; call++) run();
  return {
    run,
    graphs: () => step.graphs,
    dispose: () => {
      step.dispose();
      adam.dispose();
      tf.dispose([weights, x]);
    },
  };
}

/** Does something `count` times and returns by how much memory grew in the second half. */
function growth(count: number, work: () => void): number {
  const half = Math.floor(count / 2);
  for (let i = 0; i < half; i++) work();
  const middle = residentMemory();
  for (let i = half; i < count; i++) work();
  return residentMemory() - middle;
}

test("memory is flat over many compilations, and no session, tensor or folder stays", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const backend = tf.backend() as unknown as { getNumOfSavedModels(): number; getNumOfTFTensors(): number };
  const before = [tf.memory().numTensors, backend.getNumOfSavedModels(), backend.getNumOfTFTensors()];
  const grown = growth(compilations, () => {
    const step = compiledStep();
    assert.equal(step.graphs(), 1);
    step.dispose();
  });
  const after = [tf.memory().numTensors, backend.getNumOfSavedModels(), backend.getNumOfTFTensors()];
  assert.deepEqual(after, before);
  const folders = fs
    .readdirSync(os.tmpdir())
    .filter((name) => name.startsWith(`attention-graph-${process.pid}`));
  assert.deepEqual(folders, []);
  context.diagnostic(
    `${grown.toFixed(1)} MiB more after ${compilations} compilations than after half of them`,
  );
  // Each compilation handles more than 2 MiB of variables and constants.
  assert.ok(grown < 25, `${grown} MiB`);
});

test("memory is flat over many steps", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const step = compiledStep();
  const tensors = tf.memory().numTensors;
  const grown = growth(steps, step.run);
  assert.equal(tf.memory().numTensors, tensors);
  step.dispose();
  context.diagnostic(`${grown.toFixed(1)} MiB more after ${steps} steps than after half of them`);
  assert.ok(grown < 15, `${grown} MiB`);
});

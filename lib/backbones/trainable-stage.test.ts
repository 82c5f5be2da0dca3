import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { sha256 } from "../runtime/sha256";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import type { Backbone, TrainableStage } from "./backbone";
import {
  assertAgrees,
  readGolden,
  readPixels,
  relativeDifference,
} from "./golden-efficientnet-lite0.fixture";

const golden = readGolden();
const { from, to } = golden.gradients;
let native: boolean;
let backbone: Backbone;
let input: tf.Tensor4D;
let activations: tf.Tensor4D;

before(async () => {
  native = (await startTensorFlow()).backend === "native";
  if (!native) return;
  backbone = await loadEfficientNetLite0();
  const pixels = await readPixels(
    golden.photographs.filter(({ file }) => golden.gradients.files.includes(file)),
  );
  input = backbone.preprocess(pixels);
  pixels.dispose();
  activations = backbone.run(input, "input", from) as tf.Tensor4D;
});
after(() => {
  if (!native) return;
  backbone.dispose();
  tf.dispose([input, activations]);
});

/** wasm has no gradient of a convolution, and in plain JavaScript one step of these stages takes minutes. */
function nativeTest(name: string, body: () => Promise<void>): void {
  test(name, (context) => (native ? body() : context.skip("it needs the native backend")));
}

const loss = (stage: TrainableStage) => stage.run(activations).square().mean().div(2).asScalar();

nativeTest("a fresh stage computes what the frozen backbone computes", async () => {
  const stage = backbone.trainableStage(from, to);
  const trained = await assertNoTensorLeak(() => stage.run(activations));
  const frozen = backbone.run(activations, from, to);
  assert.ok(relativeDifference(await trained.data(), await frozen.data()) <= 1e-5);
  tf.dispose([trained, frozen]);
  stage.dispose();
});

nativeTest("loss and gradients of every kernel, gamma and beta agree with PyTorch's to 1e-4", async () => {
  const stage = backbone.trainableStage(from, to);
  const { value, grads } = tf.variableGrads(() => loss(stage), stage.variables);
  assert.ok(Math.abs((await value.data())[0]! / golden.gradients.loss - 1) <= 1e-5);
  assert.deepEqual([...stage.variableNames].sort(), Object.keys(golden.gradients.variables).sort());
  for (const [i, name] of stage.variableNames.entries()) {
    const gradient = grads[(stage.variables[i] as tf.Variable).name] as tf.Tensor;
    const expected = golden.gradients.variables[name];
    assert.ok(expected && expected.largest > 0, name);
    assertAgrees(await gradient.data(), expected, 1e-4, name);
  }
  tf.dispose([value, grads]);
  stage.dispose();
});

nativeTest(
  "training moves the copy and nothing of the backbone, statistics of BatchNorm included",
  async () => {
    const logits = async () =>
      sha256(new Uint8Array((await digestible(backbone.run(input, "input", "logits"))).buffer));
    const before = await logits();
    const stage = backbone.trainableStage(from, to);
    const initial = stage.variables.map((variable) => variable.clone());
    const startOutput = await digestible(stage.run(activations));

    const optimizer = tf.train.adam(1e-3);
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) {
      const value = optimizer.minimize(() => loss(stage), true, stage.variables) as tf.Scalar;
      losses.push((await value.data())[0] as number);
      value.dispose();
    }
    assert.ok((losses.at(-1) as number) < 0.9 * (losses[0] as number), losses.join(" "));
    for (const [i, variable] of stage.variables.entries()) {
      const moved = tf.tidy(
        () =>
          variable
            .sub(initial[i] as tf.Tensor)
            .abs()
            .max()
            .dataSync()[0] as number,
      );
      assert.ok(moved > 0, `${stage.variableNames[i]} did not move`);
    }

    assert.equal(await logits(), before);
    // With its first parameters back, the stage gives its first output again: nothing else of it has changed.
    stage.variables.forEach((variable, i) => void variable.assign(initial[i] as tf.Tensor));
    assert.deepEqual(await digestible(stage.run(activations)), startOutput);
    optimizer.dispose();
    tf.dispose(initial);
    stage.dispose();
  },
);

nativeTest("disposing a stage frees all that it made", async () => {
  await assertNoTensorLeak(() => backbone.trainableStage("stage6", "head").dispose());
});

nativeTest("gradients flow through a frozen run to its input, for attention maps", async () => {
  const gradient = tf.tidy(() =>
    tf.grad((x) => backbone.run(x as tf.Tensor4D, from, "logits").sum())(activations),
  );
  const largest = tf.tidy(() => gradient.abs().max().dataSync()[0] as number);
  assert.deepEqual(gradient.shape, activations.shape);
  assert.ok(largest > 0 && Number.isFinite(largest));
  gradient.dispose();
});

async function digestible(tensor: tf.Tensor): Promise<Float32Array> {
  const values = (await tensor.data()) as Float32Array;
  tensor.dispose();
  return new Float32Array(values);
}

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { Adam } from "./adam";
import { batchNormTraining } from "./batch-norm";
import { compile } from "./compile";
import { insideStep } from "./inside-step";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";
import { StepRandom } from "./step-random";

let factors: [tf.Tensor2D, tf.Tensor2D];

before(async () => {
  await startTensorFlow("wasm");
  factors = [
    tf.randomNormal([1024, 512], 0, 1, "float32", 1),
    tf.randomNormal([1024, 64], 0, 1, "float32", 2),
  ];
});

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < expected.length; i++)
    assert.ok(Math.abs(actual[i]! - expected[i]!) <= tolerance, `[${i}]: ${actual[i]} and ${expected[i]}`);
}

test("a product with a transposed factor has the values of transposing first", () => {
  tf.tidy(() => {
    const [a, b] = factors;
    const expected = tf.matMul(tf.transpose(a), b).dataSync();
    assertClose(tf.matMul(a, b, true, false).dataSync(), expected, 1e-6);
  });
});

test("transposed products of batches, fused ones and their gradients are right and leak nothing", async () => {
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const a = tf.randomNormal<tf.Rank.R3>([3, 5, 4], 0, 1, "float32", 1);
      const b = tf.randomNormal<tf.Rank.R3>([3, 6, 5], 0, 1, "float32", 2);
      const swap = (x: tf.Tensor3D) => tf.transpose(x, [0, 2, 1]);
      const expected = tf.matMul(swap(a), swap(b)).dataSync();
      const buffers = tf.memory().numDataBuffers;
      const product = tf.matMul(a, b, true, true);
      assert.equal(tf.memory().numDataBuffers, buffers + 1);
      assertClose(product.dataSync(), expected, 1e-5);
      const [first, second] = [a.slice([0], [1]).squeeze([0]) as tf.Tensor2D, b.slice([0], [1]).squeeze([0])];
      const fused = tf.fused.matMul({
        a: first,
        b: second as tf.Tensor2D,
        transposeA: true,
        transposeB: true,
        bias: tf.ones([6]),
        activation: "relu",
      });
      assertClose(fused.dataSync(), tf.relu(product.slice([0], [1]).squeeze([0]).add(1)).dataSync(), 1e-5);
      const [da] = tf.grads((x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, true, true).sum())([a, b]);
      const rowSums = tf.sum(b, 1).expandDims(2).tile([1, 1, 4]);
      assertClose(da!.dataSync(), rowSums.dataSync(), 1e-5);
    }),
  );
});

test("gradients that are missing or wrong on wasm are refused by name", () => {
  const image = tf.ones<tf.Rank.R4>([1, 6, 6, 2]);
  const kernel = tf.ones<tf.Rank.R4>([3, 3, 2, 2]);
  const depthwise = tf.ones<tf.Rank.R4>([3, 3, 2, 1]);
  const indices = tf.tensor1d([0, 1], "int32");
  const refused: [RegExp, () => tf.Tensor][] = [
    [
      /a convolution's kernel/,
      () => tf.grad((k) => tf.conv2d(image, k as tf.Tensor4D, 1, "same").sum())(kernel),
    ],
    [
      /a depthwise convolution's kernel/,
      () => tf.grad((k) => tf.depthwiseConv2d(image, k as tf.Tensor4D, 1, "same").sum())(depthwise),
    ],
    [
      /a depthwise convolution's input/,
      () => tf.grad((x) => tf.depthwiseConv2d(x as tf.Tensor4D, depthwise, 1, "same").sum())(image),
    ],
    [/max pooling/, () => tf.grad((x) => tf.maxPool(x as tf.Tensor4D, 2, 2, "same").sum())(image)],
    [/tf\.gather/, () => tf.grad((x) => tf.gather(x, indices).sum())(image.squeeze([0]))],
  ];
  for (const [what, work] of refused)
    assert.throws(
      () => tf.tidy(work),
      (error) =>
        error instanceof UserError && what.test(error.message) && /native backend/.test(error.message),
    );
  tf.dispose([image, kernel, depthwise, indices]);
});

test("a compiled step runs eagerly: an attention-like head with dropout and Adam learns", () => {
  const weights = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R2>([4, 2])));
  const adam = new Adam([weights]);
  const random = new StepRandom(1);
  const step = compile(
    ({ x, labels, rate }) =>
      adam.minimize(() => {
        const logits = random.dropout(x, 0.1).matMul(weights) as tf.Tensor2D;
        return softmaxCrossEntropy(logits, labels).mean() as tf.Scalar;
      }, rate),
    { inputs: { x: [null, 4], labels: { shape: [null], dtype: "int32" }, rate: [] } },
  );
  const x = tf.tensor2d([
    [1, 0, 1, 0],
    [0, 1, 0, 1],
  ]);
  const labels = tf.tensor1d([0, 1], "int32");
  const losses = Array.from({ length: 30 }, () => {
    const loss = step({ x, labels, rate: 0.1 });
    const [value] = loss.dataSync();
    loss.dispose();
    return value!;
  });
  assert.ok(Math.abs(losses[0]! - Math.log(2)) < 1e-6);
  assert.ok(losses.at(-1)! < 0.2, `${losses}`);
  assert.equal(step.graphs, 0);
  step.sync();
  step.dispose();
  adam.dispose();
  random.dispose();
  tf.dispose([weights, x, labels]);
});

test("the composed gradients of activations agree with differences of their values", () => {
  tf.tidy(() => {
    const x = tf.tensor1d([-2, -0.5, 0.3, 2, 5.5, 7]);
    for (const activation of [tf.relu, tf.relu6, tf.selu, tf.sigmoid, tf.tanh]) {
      const gradient = insideStep(() => tf.grad((input: tf.Tensor) => activation(input).sum())(x));
      const difference = tf.sub(activation(x.add(0.01)), activation(x.sub(0.01))).div(0.02);
      assertClose(gradient.dataSync(), difference.dataSync(), 2e-4);
    }
  });
});

test("the composed BatchNorm gives what its definition says", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 6], [1, 2, 2, 1]);
    const { y, mean, variance } = batchNormTraining(x, tf.tensor1d([2]), tf.tensor1d([1]), 0);
    // Mean 3; squared deviations 4, 1, 0 and 9.
    assertClose(mean.dataSync(), [3], 1e-6);
    assertClose(variance.dataSync(), [14 / 3], 1e-5);
    const deviation = Math.sqrt(14 / 4);
    assertClose(
      y.dataSync(),
      [-2, -1, 0, 3].map((d) => (2 * d) / deviation + 1),
      1e-5,
    );
  });
});

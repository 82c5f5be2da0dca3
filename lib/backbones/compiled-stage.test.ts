import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { Adam } from "../graph/adam";
import { compile } from "../graph/compile";
import { softmaxCrossEntropy } from "../graph/softmax-cross-entropy";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import type { Backbone } from "./backbone";

let native = false;
let backbone: Backbone;

before(async () => {
  native = (await startTensorFlow()).backend === "native";
  if (native) backbone = await loadEfficientNetLite0();
});

after(() => backbone?.dispose());

const batch = 4;

/** Losses and weights of 20 steps of Adam on the last stage of the backbone and a linear classifier. */
function train(compiled: boolean): { losses: number[]; weights: Float32Array[] } {
  const stage = backbone.trainableStage("stage6", "head");
  const classifier = tf.tidy(() => tf.variable(tf.randomNormal([1280, 4], 0, 0.03, "float32", 4)));
  const variables = [...stage.variables, classifier as tf.Variable];
  const adam = new Adam(variables);
  const run = ({ x, labels, rate }: { x: tf.Tensor4D; labels: tf.Tensor1D; rate: tf.Scalar }) =>
    adam.minimize(() => {
      const logits = stage
        .run(x)
        .mean<tf.Tensor2D>([1, 2])
        .matMul(classifier as tf.Tensor2D);
      return softmaxCrossEntropy(logits as tf.Tensor2D, labels).mean() as tf.Scalar;
    }, rate);
  const step = compile(run, {
    inputs: { x: [null, 7, 7, 192], labels: { shape: [null], dtype: "int32" }, rate: [] },
  });
  const inputs = {
    x: tf.randomNormal([batch, 7, 7, 192], 0, 1, "float32", 5) as tf.Tensor4D,
    labels: tf.tensor1d([0, 1, 2, 3], "int32"),
    rate: tf.scalar(1e-4),
  };
  const losses = Array.from({ length: 20 }, () => {
    const loss = compiled ? step(inputs) : tf.tidy(() => run(inputs));
    const [value] = loss.dataSync();
    loss.dispose();
    return value!;
  });
  step.dispose();
  const weights = variables.map((variable) => variable.dataSync<"float32">());
  adam.dispose();
  stage.dispose();
  tf.dispose([classifier, ...Object.values(inputs)]);
  return { losses, weights };
}

test("the last stage of EfficientNet-Lite0 trains compiled as it does eagerly over 20 steps", (context) => {
  if (!native) return context.skip("the native backend is not here");
  const eager = train(false);
  const compiled = train(true);
  assert.ok(eager.losses[19]! < eager.losses[0]!, `the loss falls: ${eager.losses}`);
  for (const [n, loss] of eager.losses.entries())
    assert.ok(Math.abs(compiled.losses[n]! - loss) < 1e-4, `step ${n}: ${compiled.losses[n]} and ${loss}`);
  for (const [i, values] of eager.weights.entries()) {
    let largest = 0;
    for (const [k, value] of values.entries())
      largest = Math.max(largest, Math.abs(compiled.weights[i]![k]! - value));
    assert.ok(largest < 1e-4, `variable ${i} differs by ${largest}`);
  }
  assert.deepEqual(train(true), compiled, "the same bits twice");
});

test("frozen inference compiled agrees with eager inference at every batch size, in one graph", (context) => {
  if (!native) return context.skip("the native backend is not here");
  const forward = compile(({ pixels }) => backbone.run(backbone.preprocess(pixels), "input", "head"), {
    inputs: { pixels: [null, 224, 224, 3] },
  });
  tf.tidy(() => {
    for (const size of [2, 2, 3, 1]) {
      const pixels = tf.randomUniform<tf.Rank.R4>([size, 224, 224, 3], 0, 255, "float32", size);
      const expected = backbone.run(backbone.preprocess(pixels), "input", "head");
      const difference = forward({ pixels }).sub(expected).abs().max().dataSync()[0]!;
      assert.ok(difference < 1e-3, `batch ${size}: ${difference}`);
    }
  });
  assert.equal(forward.graphs, 1);
  forward.dispose();
});

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { UserError } from "../../runtime/user-error";
import { drawInputs, layerCases } from "./feature-layers.fixture";

before(async () => {
  await startTensorFlow("wasm");
});

for (const layerCase of layerCases) {
  const { name, make } = layerCase;
  const trains = !name.startsWith("ConvolutionalBlockAttention");
  test(`${name} ${trains ? "trains" : "runs, and says that it can't be trained,"} on the wasm backend`, () => {
    const layer = make({ seed: 1 });
    const given = drawInputs(layerCase, 8);
    const target = tf.zerosLike(layer.apply(given) as tf.Tensor);
    const optimizer = tf.train.adam(0.02);
    const step = () =>
      optimizer
        .minimize(
          () => tf.losses.meanSquaredError(target, layer.apply(given) as tf.Tensor) as tf.Scalar,
          true,
          layer.variables,
        )!
        .dataSync()[0]!;
    if (!trains) {
      assert.throws(step, UserError);
      return;
    }
    const first = step();
    for (let i = 0; i < 20; i++) step();
    const last = step();
    assert.ok(last < first, `the loss went from ${first} to ${last}`);
  });
}

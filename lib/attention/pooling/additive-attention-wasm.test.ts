import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { AdditiveAttention } from "./additive-attention";
import { MaxPooling } from "./max-pooling";

test("masked attention and max pooling train on the wasm backend too", async () => {
  await startTensorFlow("wasm");
  const layer = new AdditiveAttention({ units: 4, seed: 1 });
  layer.build([null, 5, 3]);
  const [tokens, mask] = [
    tf.randomNormal<tf.Rank.R3>([8, 5, 3], 0, 1, "float32", 1),
    tf.ones<tf.Rank.R2>([8, 5]),
  ];
  const target = tokens.max(1);
  const optimizer = tf.train.adam(0.1);
  const step = () =>
    optimizer.minimize(
      () => {
        const [context] = layer.apply(tokens, { mask });
        return tf.losses.meanSquaredError(target, context) as tf.Scalar;
      },
      true,
      layer.variables,
    )!;
  const first = step().dataSync()[0]!;
  for (let i = 0; i < 30; i++) tf.dispose(step());
  const last = step().dataSync()[0]!;
  assert.ok(last < first, `the loss went from ${first} to ${last}`);

  const max = new MaxPooling();
  const gradient = tf.grad((x) => max.apply(x, { mask })[0].sum())(tokens);
  assert.equal(gradient.sum().dataSync()[0], 8 * 3);
});

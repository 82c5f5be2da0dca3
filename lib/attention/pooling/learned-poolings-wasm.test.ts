import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { learnedPoolings } from "./learned-poolings.fixture";

before(() => startTensorFlow("wasm"));

for (const [name, make] of Object.entries(learnedPoolings)) {
  test(`${name} trains with a mask on the wasm backend too`, () => {
    const layer = make();
    layer.build([null, 5, 4]);
    const tokens = tf.randomNormal<tf.Rank.R3>([8, 5, 4], 0, 1, "float32", 1).abs();
    const mask = tf.tensor2d([1, 1, 1, 1, 0], [1, 5]).tile<tf.Tensor2D>([8, 1]);
    const optimizer = tf.train.adam(0.1);
    const lossOf = () => {
      const [context] = layer.apply(tokens, { mask });
      const target = tokens.slice([0, 0, 0], [8, 4, 4]).max<tf.Tensor2D>(1);
      const tiled = target.tile([1, context.shape[1] / 4]);
      return tf.losses.meanSquaredError(tiled, context).asScalar();
    };
    const step = () => optimizer.minimize(lossOf, true, layer.variables)!.dataSync()[0]!;
    const first = step();
    for (let i = 0; i < 30; i++) step();
    const last = step();
    assert.ok(last < 0.9 * first, `the loss went from ${first} to ${last}`);
  });
}

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { drawParameters } from "../draw-parameters.fixture";
import { saveAndLoad } from "../save-and-load.fixture";
import { AdditiveAttention } from "./additive-attention";
import { AttentionPooling } from "./attention-pooling";
import { everyNormaliser, everyScore } from "./attention-poolings.fixture";
import { FrozenScoreAttention } from "./frozen-score-attention";
import { learnedPoolings } from "./learned-poolings.fixture";
import { MaxPooling } from "./max-pooling";
import { MeanPooling } from "./mean-pooling";
import type { PoolingLayer } from "./pooling-layer";
import { WeightedPooling } from "./weighted-pooling";

before(() => startTensorFlow());

const tokens: tf.Shape = [6, 4];
/** Every pooling layer with the shapes of its inputs, without the batch. */
const layers: [PoolingLayer, tf.Shape[]][] = [
  [new MeanPooling(), [tokens]],
  [new MaxPooling(), [tokens]],
  [new WeightedPooling(), [tokens, [6]]],
  [new AdditiveAttention({ units: 3, seed: 1 }), [tokens]],
  ...Object.values(learnedPoolings).map((make): [PoolingLayer, tf.Shape[]] => [make(), [tokens]]),
  [new FrozenScoreAttention({ units: 3, frozen: "vector", scale: 2, seed: 1 }), [tokens]],
  [new FrozenScoreAttention({ units: 3, frozen: "score", seed: 1 }), [tokens]],
  [new AdditiveAttention({ units: 3, seed: 2, query: "given", values: "given" }), [tokens, [5], [6, 7]]],
  ...everyScore.flatMap((score) =>
    everyNormaliser.map((normaliser): [PoolingLayer, tf.Shape[]] => [
      new AttentionPooling({ score, normaliser, queries: 2, seed: 1 }),
      [tokens],
    ]),
  ),
  [
    new AttentionPooling({ score: { kind: "general" }, query: "given", values: "given", seed: 1 }),
    [tokens, [3, 5], [6, 7]],
  ],
];

for (const [layer, shapes] of layers) {
  test(`${layer.name} works in a model, which is saved and loaded with equal outputs`, async () => {
    const inputs = shapes.map((shape) => tf.input({ shape }));
    const symbolic = layer.apply(inputs);
    const model = tf.model({ inputs, outputs: symbolic });
    drawParameters(layer, 1);
    const given = shapes.map((shape, i) =>
      tf.randomUniform([2, ...(shape as number[])], 0, 1, "float32", i + 1),
    );
    const outputs = model.predict(given) as [tf.Tensor, tf.Tensor];
    const loaded = await saveAndLoad(model);
    const outputsAgain = loaded.predict(given) as [tf.Tensor, tf.Tensor];
    const direct = layer.apply(given);
    for (const i of [0, 1] as const) {
      assert.deepEqual(outputs[i].shape.slice(1), symbolic[i].shape.slice(1));
      assert.deepEqual(outputsAgain[i].dataSync(), outputs[i].dataSync());
      assert.deepEqual(direct[i].dataSync(), outputs[i].dataSync());
    }
    assert.deepEqual(loaded.getLayer(layer.name).getConfig(), layer.getConfig());
  });
}

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { TransferModel } from "./model";
import { ATTENTION_HEADS, type PoolingName } from "./pooling-choice";

before(() => startTensorFlow());

const [CHANNELS, CLASSES, UNITS] = [8, 3, 4];
const CLASSIFIER = CHANNELS * CLASSES + CLASSES;
const ATTENTION = CHANNELS * UNITS + UNITS * UNITS + UNITS + UNITS;
/** (56 of attention + 24 of its classifier) / (8 + 1 + 3), rounded. */
const CONTROL = 7;

interface Expected {
  /** What the pooling learns. */
  parameters: number;
  heads?: number;
  contextSize?: number;
}

const poolings: Record<PoolingName, Expected> = {
  mean: { parameters: 0 },
  max: { parameters: 0 },
  given: { parameters: 0 },
  "generalised mean": { parameters: 1 },
  attention: { parameters: ATTENTION },
  "gated attention": { parameters: 2 * CHANNELS * UNITS + UNITS },
  // Two blocks of a gain and an offset, four kernels and three biases; then what attention has.
  "self-attention": {
    parameters:
      2 * (2 * CHANNELS + 4 * CHANNELS ** 2 + 3 * CHANNELS) +
      CHANNELS * UNITS +
      UNITS * UNITS +
      UNITS +
      UNITS,
  },
  "multi-head attention": { parameters: 4 * CHANNELS ** 2 + CHANNELS, heads: ATTENTION_HEADS },
  "class attention": { parameters: CLASSES * CHANNELS, heads: CLASSES, contextSize: CLASSES * CHANNELS },
  "efficient probing": { parameters: 8 * CHANNELS + CHANNELS ** 2, heads: 8 },
  SimPool: { parameters: 2 * CHANNELS + 2 * CHANNELS ** 2 },
  "AIM attentive probe": { parameters: CHANNELS + 2 * CHANNELS ** 2, heads: ATTENTION_HEADS },
  // A query, two layer norms, four projections and a feed-forward layer four times as wide, with its biases.
  "V-JEPA attentive block": {
    parameters: CHANNELS + 4 * CHANNELS + 4 * CHANNELS ** 2 + 8 * CHANNELS ** 2 + 5 * CHANNELS,
    heads: ATTENTION_HEADS,
  },
  // One layer norm more.
  "CaiT class attention": {
    parameters: CHANNELS + 6 * CHANNELS + 4 * CHANNELS ** 2 + 8 * CHANNELS ** 2 + 5 * CHANNELS,
    heads: ATTENTION_HEADS,
  },
  "hidden mean": { parameters: (CHANNELS + 1) * CONTROL, contextSize: CONTROL },
  "projected mean": { parameters: CHANNELS * CONTROL, contextSize: CONTROL },
  "mean hidden": { parameters: (CHANNELS + 1) * CONTROL, contextSize: CONTROL },
  "hidden attention": {
    parameters: (CHANNELS + 1) * CONTROL + CONTROL * UNITS + UNITS * UNITS + UNITS + UNITS,
    contextSize: CONTROL,
  },
  "frozen-vector attention": { parameters: ATTENTION - UNITS },
  "frozen attention": { parameters: 0 },
};

for (const [name, { parameters, heads = 1, contextSize = CHANNELS }] of Object.entries(poolings)) {
  const pooling = name as PoolingName;
  test(`a model with ${name} pooling: shapes, parameters, and whether its contexts are fixed`, async () => {
    const grids = tf.randomNormal<tf.Rank.R4>([2, 3, 3, CHANNELS], 0, 1, "float32", 1);
    const given = tf.ones<tf.Rank.R2>([2, 9]);
    await assertNoTensorLeak(() => {
      const model = new TransferModel({
        pooling,
        channels: CHANNELS,
        classes: CLASSES,
        attentionUnits: UNITS,
        stream: randomStream(1, "model test"),
      });
      const size = model.headVariables.reduce((sum, variable) => sum + variable.size, 0);
      const classifier = pooling === "class attention" ? CLASSIFIER : contextSize * CLASSES + CLASSES;
      assert.equal(size, parameters + classifier);
      assert.equal(model.hasFixedContexts, parameters === 0);
      assert.equal(model.headsAreClasses, pooling === "class attention");
      assert.equal(model.takesWeights, pooling === "given");
      const named = [...model.trainedParts.keys()].flatMap((part) => [...model.variablesOf(part).values()]);
      assert.deepEqual(
        named.map(({ id }) => id),
        model.headVariables.map(({ id }) => id),
        "every variable has a name, in the order of the parts",
      );
      assert.deepEqual([...model.variablesOf("classifier").keys()], ["kernel", "bias"]);
      tf.tidy(() => {
        const { context, logits, weights } = model.predict(grids, { givenWeights: given });
        assert.deepEqual(context.shape, [2, contextSize]);
        assert.deepEqual(logits.shape, [2, CLASSES]);
        assert.deepEqual(weights.shape, [2, heads, 9]);
      });
      model.dispose();
    });
  });
}

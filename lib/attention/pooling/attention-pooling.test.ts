import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { compile } from "../../graph/compile";
import { nativeBackend } from "../../graph/native-backend";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { drawParameters } from "../draw-parameters.fixture";
import { assertNear } from "../goldens/golden.fixture";
import type { Normaliser } from "../normalisers/normaliser";
import type { Score } from "../scores/score";
import { AdditiveAttention } from "./additive-attention";
import { AttentionPooling } from "./attention-pooling";
import { everyNormaliser, everyScore } from "./attention-poolings.fixture";

before(() => startTensorFlow());

const CHANNELS = 4;
const POSITIONS = 6;
const runs = { numRuns: 40, seed: 2019 };

/** Tokens of one image with a mask that keeps at least one position, and an order to put the positions in. */
const images = fc.record({
  values: fc.array(fc.float({ min: -3, max: 3, noNaN: true }), {
    minLength: POSITIONS * CHANNELS,
    maxLength: POSITIONS * CHANNELS,
  }),
  mask: fc
    .array(fc.integer({ min: 0, max: 1 }), { minLength: POSITIONS, maxLength: POSITIONS })
    .filter((mask) => mask.includes(1)),
  order: fc.shuffledSubarray([...Array(POSITIONS).keys()], { minLength: POSITIONS }),
});

/** A layer with two learned queries, away from where it starts. */
function trained(score: Score, normaliser: Normaliser): AttentionPooling {
  const layer = new AttentionPooling({ score, normaliser, queries: 2, seed: 1 });
  layer.build([null, POSITIONS, CHANNELS]);
  drawParameters(layer, 1);
  return layer;
}

const tokensOf = (batch: number, seed = 3) =>
  tf.randomNormal<tf.Rank.R3>([batch, POSITIONS, CHANNELS], 0, 1, "float32", seed);

for (const score of everyScore) {
  for (const normaliser of everyNormaliser) {
    const name = `${score.kind} × ${normaliser.kind}`;

    test(`${name}: weights of any image sum to one and hide what is masked; positions have no order`, () => {
      const layer = trained(score, normaliser);
      return fc.assert(
        fc.property(images, ({ values, mask, order }) =>
          tf.tidy(() => {
            const tokens = tf.tensor3d(values, [1, POSITIONS, CHANNELS]);
            const kept = tf.tensor2d([mask]);
            const [context, weights] = layer.apply(tokens, { mask: kept });
            assert.deepEqual(
              [context.shape, weights.shape],
              [
                [1, 2 * CHANNELS],
                [1, 2, POSITIONS],
              ],
            );
            const ones = { shape: [1, 2], data: [1, 1] };
            if (normaliser.kind !== "sigmoid") assertNear(weights.sum(-1), ones, "sums");
            for (const [i, weight] of weights.dataSync().entries())
              if (mask[i % POSITIONS] === 0) assert.equal(weight, 0);
            if (score.kind === "location") return;
            const [after, moved] = layer.apply(tokens.gather(order, 1), { mask: kept.gather(order, 1) });
            assertNear(after, context, "context");
            assertNear(moved, weights.gather(order, 2), "weights");
          }),
        ),
        runs,
      );
    });

    test(`${name}: compiled equals eager, leaves no tensor, and gives its parameters back`, async () => {
      const layer = new AttentionPooling({ score, normaliser, queries: 2, seed: 1 });
      const before = tf.memory().numTensors;
      layer.build([null, POSITIONS, CHANNELS]);
      const step = (tokens: tf.Tensor, mask: tf.Tensor2D) => {
        const loss = () => layer.apply(tokens, { mask })[0].square().sum().asScalar();
        const { grads } = tf.variableGrads(loss, layer.variables);
        const [context, weights] = layer.apply(tokens, { mask });
        return { ...grads, context, weights };
      };
      const compiled = compile(({ tokens, mask }) => step(tokens, mask as tf.Tensor2D), {
        inputs: { tokens: [null, POSITIONS, CHANNELS], mask: [null, POSITIONS] },
      });
      const mask = tf.tensor2d([1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0], [2, POSITIONS]);
      for (const seed of [1, 2, 3]) {
        const tokens = tokensOf(2, seed);
        await assertNoTensorLeak(() =>
          tf.tidy(() => {
            const [eager, graph] = [step(tokens, mask), compiled({ tokens, mask })];
            for (const [what, tensor] of Object.entries(eager))
              assertNear((graph as Record<string, tf.Tensor>)[what]!, tensor, what);
          }),
        );
        tokens.dispose();
      }
      assert.equal(compiled.graphs, nativeBackend() ? 1 : 0);
      compiled.dispose();
      mask.dispose();
      assert.equal(layer.dispose().numDisposedVariables, layer.weights.length);
      assert.equal(tf.memory().numTensors, before);
    });
  }
}

test("AdditiveAttention is the additive member: the same numbers from the same parameters", () => {
  const named = new AdditiveAttention({ units: 3, seed: 5 });
  const composed = new AttentionPooling({ score: { kind: "additive", units: 3 }, seed: 5 });
  const tokens = tokensOf(2);
  tf.tidy(() => {
    named.build(tokens.shape);
    composed.build(tokens.shape);
    for (const layer of [named, composed]) drawParameters(layer, 1);
    const [a, b] = [named, composed].map((layer) => layer.apply(tokens));
    assert.deepEqual(a![0].dataSync(), b![0].dataSync());
    assert.deepEqual(a![1].dataSync(), b![1].dataSync());
  });
});

test("AdditiveAttention starts where it started when the published tables were made", () => {
  const layer = new AdditiveAttention({ units: 2, seed: 1 });
  layer.build([null, null, 3]);
  const { keyProjection, scoreVector, query } = layer.parameters;
  assertNear(
    keyProjection,
    { shape: [3, 2], data: [-1.0483651, -0.9029164, -0.0843335, -0.6986715, 0.7856457, -0.0591156] },
    "keyProjection",
  );
  assertNear(query!, { shape: [1, 2], data: [-1.3047706, 0.3159366] }, "query");
  assert.deepEqual([...scoreVector.dataSync()], [0, 0]);
});

test("a vector of zeros has cosine 0 with everything and gets no gradient; length doesn't count", () => {
  const layer = new AttentionPooling({ score: { kind: "cosine" }, normaliser: { kind: "sigmoid" }, seed: 1 });
  tf.tidy(() => {
    const tokens = tf.tensor3d([0, 0, 1, 2, 100, 200], [1, 3, 2]);
    const weigh = (x: tf.Tensor) => layer.apply(x)[1];
    const [zero, short, long] = weigh(tokens).dataSync();
    assert.equal(zero, 0.5);
    assert.ok(Math.abs(short! - long!) < 1e-6);
    const gradient = tf
      .grad((x) => weigh(x).sum())(tokens)
      .dataSync();
    assert.deepEqual([...gradient].slice(0, 2), [0, 0]);
    assert.ok(gradient.every(Number.isFinite));
  });
});

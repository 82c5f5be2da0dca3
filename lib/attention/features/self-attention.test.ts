import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { drawParameters } from "../draw-parameters.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { maskedImages, shuffled } from "../masked-images.fixture";
import { CrossAttention } from "./cross-attention";
import { SelfAttention } from "./self-attention";

before(() => startTensorFlow());

const runs = { numRuns: 60, seed: 2017 };
const CHANNELS = 4;
const returning = { heads: 2, seed: 1, returnWeights: true } as const;

const images = maskedImages({ channels: CHANNELS, positions: 7, limit: 2 });
const shuffledImages = shuffled(images);

function selfAttention() {
  const layer = new SelfAttention(returning);
  layer.build([null, null, CHANNELS]);
  drawParameters(layer, 0.5);
  return layer;
}

function crossAttention() {
  const layer = new CrossAttention(returning);
  layer.build([
    [null, null, CHANNELS],
    [null, null, 6],
  ]);
  drawParameters(layer, 0.5);
  return layer;
}

for (const kind of ["SelfAttention", "CrossAttention"]) {
  test(`${kind}: rows sum to one, masked keys get exactly zero, and what they hold doesn't matter`, () => {
    const self = selfAttention();
    const cross = crossAttention();
    return fc.assert(
      fc.property(images, ({ values, mask }) =>
        tf.tidy(() => {
          const [tokens, options] = [tf.tensor3d([values]), { mask: tf.tensor2d([mask]) }];
          const queries = tf.randomNormal<tf.Rank.R3>([1, 3, 6], 0, 1, "float32", 4);
          const run = (x: tf.Tensor3D) =>
            kind === "SelfAttention" ? self.apply(x, options) : cross.apply([x, queries], options);
          const [features, weights] = run(tokens);
          const sums = weights.sum(-1);
          assertNear(sums, { shape: sums.shape, data: Array(sums.size).fill(1) }, "sums");
          for (const [i, weight] of weights.dataSync().entries())
            if (mask[i % mask.length] === 0) assert.equal(weight, 0);
          const others = tf.where(options.mask.expandDims(2).toBool(), tokens, Number.NaN);
          const [featuresOfOthers, weightsOfOthers] = run(others);
          // A masked position of self-attention asks too, as a token of zeros: its row doesn't change either.
          assert.deepEqual(featuresOfOthers.dataSync(), features.dataSync());
          assert.deepEqual(weightsOfOthers.dataSync(), weights.dataSync());
        }),
      ),
      runs,
    );
  });
}

test("without positions, permuting the tokens permutes features and weights", () => {
  const layer = selfAttention();
  return fc.assert(
    fc.property(shuffledImages, ({ image, order }) =>
      tf.tidy(() => {
        const tokens = tf.tensor3d([image.values]);
        const [features, weights] = layer.apply(tokens, { mask: tf.tensor2d([image.mask]) });
        const [featuresAfter, weightsAfter] = layer.apply(tokens.gather(order, 1), {
          mask: tf.tensor2d([order.map((i) => image.mask[i]!)]),
        });
        assertNear(featuresAfter, features.gather(order, 1), "features");
        assertNear(weightsAfter, weights.gather(order, 2).gather(order, 3), "weights");
      }),
    ),
    runs,
  );
});

test("cross-attention: permuting the tokens leaves the features, permuting the queries permutes them", () => {
  const layer = crossAttention();
  const queries = tf.randomNormal<tf.Rank.R3>([1, 3, 6], 0, 1, "float32", 4);
  return fc.assert(
    fc.property(shuffledImages, ({ image, order }) =>
      tf.tidy(() => {
        const tokens = tf.tensor3d([image.values]);
        const [features, weights] = layer.apply([tokens, queries]);
        const [same, weightsAfter] = layer.apply([tokens.gather(order, 1), queries]);
        assertNear(same, features, "features");
        assertNear(weightsAfter, weights.gather(order, 3), "weights");
        const [turned] = layer.apply([tokens, queries.reverse<tf.Tensor3D>(1)]);
        assertNear(turned, features.reverse(1), "features of turned queries");
      }),
    ),
    runs,
  );
});

test("where all positions are masked, weights are zero and features the last bias, with gradients that are numbers", () => {
  tf.tidy(() => {
    const layer = selfAttention();
    const tokens = tf.randomNormal<tf.Rank.R3>([2, 3, CHANNELS], 0, 1, "float32", 2);
    const mask = tf.tensor2d([
      [0, 0, 0],
      [1, 1, 0],
    ]);
    const [features, weights] = layer.apply(tokens, { mask });
    assert.ok(
      weights
        .slice(0, 1)
        .dataSync()
        .every((weight) => weight === 0),
    );
    const bias = [...layer.parameters.output.bias.dataSync()];
    assertNear(
      features.slice(0, 1),
      { shape: [1, 3, CHANNELS], data: [...bias, ...bias, ...bias] },
      "features",
    );
    const gradient = tf.grad((x) => layer.apply(x, { mask })[0].square().sum())(tokens);
    assert.ok(gradient.dataSync().every(Number.isFinite));
  });
});

test("the gradient at a probe of zeros is the gradient at the weights", () => {
  tf.tidy(() => {
    const layer = selfAttention();
    const tokens = tf.randomNormal<tf.Rank.R3>([2, 3, CHANNELS], 0, 1, "float32", 2);
    const upstream = tf.randomNormal<tf.Rank.R3>([2, 3, CHANNELS], 0, 1, "float32", 3);
    const probe = tf.zeros<tf.Rank.R4>([2, 2, 3, 3]);
    const [plain] = layer.apply(tokens);
    const [probed] = layer.apply(tokens, { probe });
    assert.deepEqual(probed.dataSync(), plain.dataSync());
    const gradient = tf.grad((p) =>
      layer
        .apply(tokens, { probe: p as tf.Tensor4D })[0]
        .mul(upstream)
        .sum(),
    )(probe);
    // By the definition: features are linear in the weights, so that a step of any length gives the slope.
    const values = gradient.dataSync();
    const at = (x: tf.Tensor4D) => layer.apply(tokens, { probe: x })[0].mul(upstream).sum().dataSync()[0]!;
    const base = at(probe);
    for (const i of [0, 7, 20, 35]) {
      const unit = tf.oneHot(i, 36).reshape<tf.Tensor4D>([2, 2, 3, 3]).toFloat();
      const slope = at(unit) - base;
      assert.ok(Math.abs(slope - values[i]!) < 1e-4, `${slope} and ${values[i]} at ${i}`);
    }
  });
});

test("a mask reaches self-attention and cross-attention inside a model, and goes on from there", async () => {
  const input = tf.input({ shape: [4, CHANNELS] });
  const queries = tf.input({ shape: [2, CHANNELS] });
  const masked = tf.layers.masking().apply(input) as tf.SymbolicTensor;
  const [features, weights] = new SelfAttention(returning).apply(masked) as [
    tf.SymbolicTensor,
    tf.SymbolicTensor,
  ];
  const [, crossWeights] = new CrossAttention(returning).apply([features, queries]);
  const model = tf.model({ inputs: [input, queries], outputs: [weights, crossWeights!] });
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const tokens = tf
        .randomNormal([2, 4, CHANNELS], 0, 1, "float32", 1)
        .mul(tf.tensor3d([1, 1, 0, 1], [1, 4, 1]));
      const asked = tf.randomNormal([2, 2, CHANNELS], 0, 1, "float32", 2);
      for (const alpha of model.predict([tokens, asked]) as tf.Tensor[]) {
        assert.ok(
          alpha
            .gather([2], 3)
            .dataSync()
            .every((weight) => weight === 0),
        );
        assert.ok(
          alpha
            .gather([0, 1, 3], 3)
            .dataSync()
            .every((weight) => weight > 0),
        );
      }
    }),
  );
});

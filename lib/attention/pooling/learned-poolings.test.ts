import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { compile } from "../../graph/compile";
import { nativeBackend } from "../../graph/native-backend";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertNear } from "../goldens/golden.fixture";
import { maskedImages, shuffled } from "../masked-images.fixture";
import { choosingPoolings, learnedPoolings, trainedSomewhat } from "./learned-poolings.fixture";
import { MeanPooling } from "./mean-pooling";
import type { PoolingLayer } from "./pooling-layer";

before(() => startTensorFlow());

const CHANNELS = 4;
const runs = { numRuns: 60, seed: 2018 };

/** Whether a class token keeps a part of the weight for itself. */
const keepsSome = (name: string) => name === "CaitClassAttention";

const tokensOf = (batch: number, positions: number, seed = 3) =>
  tf.randomNormal<tf.Rank.R3>([batch, positions, CHANNELS], 0, 1, "float32", seed);

const images = maskedImages({ channels: CHANNELS, positions: 8, limit: 3 });
const shuffledImages = shuffled(images);

for (const [name, make] of Object.entries(learnedPoolings)) {
  test(`${name}: weights sum to one and are exactly zero where masked, and what is masked doesn't matter`, () => {
    const layer = trainedSomewhat(make, CHANNELS);
    return fc.assert(
      fc.property(images, ({ values, mask }) =>
        tf.tidy(() => {
          const [tokens, options] = [tf.tensor3d([values]), { mask: tf.tensor2d([mask]) }];
          const [context, weights] = layer.apply(tokens, options);
          const sums = weights.sum(-1);
          if (keepsSome(name)) assert.ok(sums.dataSync().every((sum) => sum > 0 && sum < 1));
          else assertNear(sums, { shape: [1, weights.shape[1]], data: Array(9).fill(1) }, "sums");
          for (const [i, weight] of weights.dataSync().entries())
            if (mask[i % mask.length] === 0) assert.equal(weight, 0);
          const others = tf.where(options.mask.expandDims(2).toBool(), tokens, 1e4);
          const [contextOfOthers, weightsOfOthers] = layer.apply(others, options);
          assertNear(contextOfOthers, context, "context");
          assertNear(weightsOfOthers, weights, "weights");
        }),
      ),
      runs,
    );
  });

  test(`${name}: permuting the positions permutes the weights and leaves the context`, () => {
    const layer = trainedSomewhat(make, CHANNELS);
    return fc.assert(
      fc.property(shuffledImages, ({ image: { values, mask }, order }) =>
        tf.tidy(() => {
          const [tokens, kept] = [tf.tensor3d([values]), tf.tensor2d([mask])];
          const [context, weights] = layer.apply(tokens, { mask: kept });
          const [after, moved] = layer.apply(tokens.gather(order, 1), { mask: kept.gather(order, 1) });
          assertNear(after, context, "context");
          assertNear(moved, weights.gather(order, 2), "weights");
        }),
      ),
      runs,
    );
  });

  test(`${name}: one position has all the weight; a mask of ones gives what none gives; all masked gives zeros`, () => {
    const layer = trainedSomewhat(make, CHANNELS);
    tf.tidy(() => {
      const [, alone] = layer.apply(tokensOf(2, 1));
      if (!keepsSome(name))
        assertNear(alone, { shape: alone.shape, data: Array(alone.size).fill(1) }, "weights of one position");
      const tokens = tokensOf(2, 5);
      const [context, weights] = layer.apply(tokens);
      const [all, allWeights] = layer.apply(tokens, { mask: tf.ones([2, 5]) });
      assertNear(all, context, "context");
      assertNear(allWeights, weights, "weights");

      const mask = tf.tensor2d([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [2, 5]);
      const [half, halfWeights] = layer.apply(tokens, { mask });
      const kept = [...context.slice(0, 1).dataSync()];
      assertNear(half, { shape: half.shape, data: [...kept, ...kept.map(() => 0)] }, "context");
      assert.ok([...halfWeights.slice(1).dataSync()].every((weight) => weight === 0));
      const gradient = tf.grad((x) => layer.apply(x, { mask })[0].sum())(tokens);
      assert.ok([...gradient.slice(1).dataSync()].every((value) => value === 0));
      const { grads } = tf.variableGrads(
        () => layer.apply(tokens, { mask })[0].sum().asScalar(),
        layer.variables,
      );
      for (const value of Object.values(grads)) assert.ok(value.dataSync().every(Number.isFinite));
    });
  });

  test(`${name}: a compiled step gives what an eager one gives, forward and gradients`, () => {
    const layer = trainedSomewhat(make, CHANNELS);
    const step = ({ tokens, mask }: { tokens: tf.Tensor; mask: tf.Tensor }) => {
      const [context, weights] = layer.apply(tokens, { mask: mask as tf.Tensor2D });
      const { grads } = tf.variableGrads(
        () =>
          layer
            .apply(tokens, { mask: mask as tf.Tensor2D })[0]
            .square()
            .mean()
            .asScalar(),
        layer.variables,
      );
      const toTokens = tf.grad((x) =>
        layer
          .apply(x, { mask: mask as tf.Tensor2D })[0]
          .square()
          .mean(),
      )(tokens);
      return { context, weights, toTokens, ...grads };
    };
    const compiled = compile(step, { inputs: { tokens: [null, 6, CHANNELS], mask: [null, 6] } });
    for (const seed of [1, 2, 3, 4]) {
      tf.tidy(() => {
        const given = {
          tokens: tokensOf(2, 6, seed),
          mask: tf.tensor2d([1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1], [2, 6]),
        };
        const [eager, graph] = [step(given), compiled(given)];
        for (const [what, value] of Object.entries(eager)) {
          assertNear((graph as Record<string, tf.Tensor>)[what]!, value, what);
        }
      });
    }
    assert.equal(compiled.graphs, nativeBackend() ? 1 : 0);
    compiled.dispose();
  });

  test(`${name}: one graph serves every batch size`, () => {
    const layer = trainedSomewhat(make, CHANNELS);
    const compiled = compile(({ tokens }) => layer.apply(tokens)[0], {
      inputs: { tokens: [null, 6, CHANNELS] },
    });
    for (const batch of [2, 2, 3, 5, 1]) {
      tf.tidy(() => {
        const tokens = tokensOf(batch, 6, batch);
        const [context] = layer.apply(tokens);
        assertNear(compiled({ tokens }), context, "context");
      });
    }
    assert.equal(compiled.graphs, nativeBackend() ? 1 : 0);
    compiled.dispose();
  });

  test(`${name} leaves no tensor behind, and dispose gives the parameters back`, async () => {
    const [tokens, mask] = [tokensOf(2, 5), tf.ones<tf.Rank.R2>([2, 5])];
    await assertNoTensorLeak(() => {
      const layer = make();
      layer.build(tokens.shape);
      tf.dispose(layer.apply(tokens));
      tf.dispose(layer.apply(tokens, { mask }));
      const loss = () => layer.apply(tokens, { mask })[0].square().sum().asScalar();
      tf.dispose(tf.variableGrads(loss, layer.variables));
      assert.equal(layer.dispose().numDisposedVariables, layer.weights.length);
    });
  });
}

for (const [name, make] of Object.entries(choosingPoolings)) {
  test(`${name} trains in model.fit, and gets nearer to the largest token than the mean can`, async () => {
    const [pooled, mean] = [await lossAfterFit(make()), await lossAfterFit(new MeanPooling())];
    assert.ok(pooled < mean / 2, `the loss ends at ${pooled}, with the mean at ${mean}`);
  });
}

/** The answer is the largest value of channel 0 over the positions but the last, which is padding. */
async function lossAfterFit(pooling: PoolingLayer): Promise<number> {
  const input = tf.input({ shape: [6, CHANNELS] });
  const masked = tf.layers.masking().apply(input) as tf.SymbolicTensor;
  const [context] = pooling.apply(masked);
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 9 });
  const output = tf.layers.dense({ units: 1, kernelInitializer }).apply(context) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  const [x, y] = tf.tidy(() => {
    const tokens = tokensOf(64, 6)
      .abs()
      .mul(tf.tensor3d([1, 1, 1, 1, 1, 0], [1, 6, 1]));
    return [tokens, tokens.max(1).slice([0, 0], [64, 1])];
  });
  model.compile({ optimizer: tf.train.adam(0.03), loss: "meanSquaredError" });
  const { history } = await model.fit(x, y, { epochs: 150, batchSize: 64, verbose: 0, shuffle: false });
  return history.loss!.at(-1) as number;
}

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertRefused } from "../assert-refused.fixture";
import { drawParameters } from "../draw-parameters.fixture";
import { assertNear, readGoldens } from "../goldens/golden.fixture";
import { AdditiveAttention } from "./additive-attention";
import { assertSeeded, assertStartsAsMean } from "./first-weights.fixture";
import { assertAgrees, givenNames, type PoolingGolden } from "./pooling-goldens.fixture";

before(() => startTensorFlow());

for (const golden of readGoldens<{ cases: (PoolingGolden & { learnedQuery: boolean })[] }>("additive.json")
  .cases) {
  test(`agrees with PyTorch, forward and gradients: ${golden.name}`, () => {
    const query = golden.learnedQuery ? "learned" : "given";
    const layer = new AdditiveAttention({
      units: golden.inputs.scoreVector!.shape[0]!,
      seed: 1,
      query,
      values: golden.inputs.values ? "given" : "tokens",
    });
    assertAgrees(layer, golden, givenNames(golden, query));
  });
}

const tokensOf = (...shape: [number, number, number]) =>
  tf.randomNormal<tf.Rank.R3>(shape, 0, 1, "float32", 3);

test("permuting the positions permutes the weights and leaves the context", () => {
  const layer = new AdditiveAttention({ units: 4, seed: 2 });
  layer.build([null, null, 5]);
  drawParameters(layer, 1);
  return fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 8 }).chain((n) =>
        fc.record({
          order: fc.shuffledSubarray([...Array(n).keys()], { minLength: n }),
          values: fc.array(fc.float({ min: -3, max: 3, noNaN: true }), {
            minLength: 5 * n,
            maxLength: 5 * n,
          }),
        }),
      ),
      ({ order, values }) =>
        tf.tidy(() => {
          const tokens = tf.tensor3d(values, [1, order.length, 5]);
          const [context, weights] = layer.apply(tokens);
          const [contextAfter, weightsAfter] = layer.apply(tokens.gather(order, 1));
          assertNear(contextAfter, context, "context");
          assertNear(weightsAfter, weights.gather(order, 2), "weights");
        }),
    ),
    { numRuns: 100, seed: 2015 },
  );
});

test("equal seeds give equal weights, other seeds and other parameters give others", () => {
  assertSeeded((seed) => new AdditiveAttention({ units: 3, seed }), [0, 1]);
});

test("a new layer is mean pooling, and has gradients to leave it by", () => {
  assertStartsAsMean(new AdditiveAttention({ units: 4, seed: 3 }), {
    channels: 5,
    heads: 1,
    leaving: "scoreVector",
    least: 0.1,
  });
});

test("trains in model.fit, where a masking layer's mask reaches it", async () => {
  const input = tf.input({ shape: [6, 4] });
  const masked = tf.layers.masking().apply(input) as tf.SymbolicTensor;
  const [context, weights] = new AdditiveAttention({ units: 8, seed: 4, name: "attention" }).apply(masked);
  const output = tf.layers
    .dense({ units: 1, useBias: false, kernelInitializer: tf.initializers.glorotUniform({ seed: 9 }) })
    .apply(context) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  // The answer lies in the one token whose first channel is 1: a mean over all positions dilutes it.
  const [x, y] = tf.tidy(() => {
    const noise = tokensOf(64, 6, 4).mul(0.3);
    const place = tf.tensor1d([...Array(64).keys()], "int32").mod(tf.scalar(5, "int32"));
    const marked = tf.oneHot(place, 6).expandDims(2);
    const answer = tf.randomNormal([64, 1], 0, 1, "float32", 8);
    const mark = tf.concat([tf.ones([64, 1]), answer, tf.zeros([64, 2])], 1).expandDims(1);
    const lastIsPadding = tf.tensor3d([1, 1, 1, 1, 1, 0], [1, 6, 1]);
    return [noise.mul(marked.sub(1).neg()).add(mark.mul(marked)).mul(lastIsPadding), answer];
  });
  model.compile({ optimizer: tf.train.adam(0.03), loss: "meanSquaredError" });
  const { history } = await model.fit(x, y, { epochs: 100, batchSize: 64, verbose: 0, shuffle: false });
  const [first, last] = [history.loss![0] as number, history.loss!.at(-1) as number];
  assert.ok(last < first / 10, `the loss went from ${first} to ${last}`);

  const alpha = tf.model({ inputs: input, outputs: weights }).predict(x) as tf.Tensor3D;
  const padding = alpha.slice([0, 0, 5], [64, 1, 1]).dataSync();
  assert.ok(
    padding.every((weight) => weight === 0),
    "the padded position got weight",
  );
});

test("no tensor is left behind, and dispose gives the parameters back", async () => {
  const [tokens, mask] = [tokensOf(2, 5, 3), tf.ones<tf.Rank.R2>([2, 5])];
  const layer = new AdditiveAttention({ units: 4, seed: 1 });
  await assertNoTensorLeak(() => {
    layer.build(tokens.shape);
    tf.dispose(layer.apply(tokens, { mask }));
    const loss = () => layer.apply(tokens, { mask })[0].square().sum().asScalar();
    tf.dispose(tf.variableGrads(loss, layer.variables));
    assert.equal(layer.dispose().numDisposedVariables, 4);
  });
});

test("a wrong shape is refused by the build with the layer's name, what it takes and what it got", () => {
  const learned = new AdditiveAttention({ units: 4, seed: 1, name: "where" });
  assertRefused(
    () => learned.build([null, 7, 7, 1280]),
    'AdditiveAttention "where" expected tokens [batch, positions, channels], but got tokens [?, 7, 7, 1280]: ' +
      "reshape the grid [batch, rows, columns, channels] to [batch, rows * columns, channels] first.",
  );
  learned.build([null, 49, 16]);
  assertRefused(
    () => learned.apply(tf.ones([2, 49, 8])),
    /expected tokens \[batch, positions, 16\], but got tokens \[2, 49, 8\]: axis 2 of tokens must be 16, not 8/,
  );
  assertRefused(
    () => learned.apply(tf.ones([2, 49, 16]), { mask: tf.ones([2, 48]) }),
    /mask \[2, 48\]: positions is 49 in tokens and 48 in mask/,
  );
  const asked = new AdditiveAttention({ units: 4, seed: 1, query: "given" });
  assertRefused(() => asked.apply(tf.ones([2, 49, 16])), /takes 2 input\(s\), not 1/);
  assertRefused(
    () => asked.apply([tf.ones([2, 49, 16]), tf.ones([3, 5])]),
    /batch is 2 in tokens and 3 in query/,
  );
  assertRefused(
    () => asked.build([[null, 49, null] as unknown as tf.Shape, [null, 5]]),
    /must know its number of channels/,
  );
  assertRefused(() => new AdditiveAttention({ units: 0, seed: 1 }), /units must be a whole number/);
  assertRefused(() => new AdditiveAttention({ units: 1, seed: 0.5 }), /seed must be a whole number/);
  assertRefused(
    () => new AdditiveAttention({ units: 1, seed: 1, query: "self" as "given" }),
    /query must be one of learned, given, not self/,
  );
});

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { randomStream } from "../../runtime/random";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { UserError } from "../../runtime/user-error";
import { TransferModel } from "../../transfer/model";
import { tokenEffects } from "../faithfulness/token-effects";
import { type PooledImages, pooledImages } from "../pooled-images";
import { adversarialAttention } from "./adversarial-attention";
import { jensenShannon, totalVariation } from "./divergence";
import { permutedAttention } from "./permuted-attention";

before(() => startTensorFlow());

const near = (actual: number, expected: number, tolerance = 1e-5) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** Images whose channels are the classes: the context, times a factor, is the logits. */
function images(tokens: number[][][], weights: number[][], factor = 5): PooledImages {
  return {
    tokens: tf.tensor3d(tokens),
    weights: tf.tensor2d(weights),
    classify: (context) => context.mul(factor),
  };
}
const disposeImages = ({ tokens, weights }: PooledImages) => tf.dispose([tokens, weights]);

/** The probabilities of the classes under some weights, by plain arithmetic. */
function decide(tokens: number[][], weights: number[], factor = 5): number[] {
  const logits = tokens[0]!.map(
    (_, c) => factor * weights.reduce((sum, w, i) => sum + w * tokens[i]![c]!, 0),
  );
  const raised = logits.map(Math.exp);
  const total = raised.reduce((sum, value) => sum + value, 0);
  return raised.map((value) => value / total);
}

/** The largest divergence among all weights of three positions on a fine grid that keep the prediction. */
function largestOnGrid(tokens: number[][], weights: number[], epsilon: number, factor: number): number {
  const cells = 400;
  const original = decide(tokens, weights, factor);
  let largest = 0;
  for (let i = 0; i <= cells; i++) {
    for (let j = 0; i + j <= cells; j++) {
      const other = [i / cells, j / cells, Math.max(0, 1 - (i + j) / cells)];
      if (totalVariation(decide(tokens, other, factor), original) > epsilon) continue;
      largest = Math.max(largest, jensenShannon(other, weights));
    }
  }
  return largest;
}

test("two tokens alike: weights that are far away and say the same exist, and are found", async () => {
  const tokens = [
    [1, 0],
    [1, 0],
    [0, 1],
  ];
  const weights = [0.6, 0.1, 0.3];
  const pooled = images([tokens], [weights]);
  const [found] = await adversarialAttention(pooled, { seed: 1 });
  // All of what the first has goes to the second; the third may hardly change.
  const swapped = jensenShannon([0, 0.7, 0.3], weights);
  assert.ok(found!.jensenShannon >= 0.98 * swapped, `${found!.jensenShannon} of ${swapped}`);
  assert.ok(found!.totalVariation <= 0.01);
  near(jensenShannon(found!.weights, weights), found!.jensenShannon);
  near(totalVariation(decide(tokens, [...found!.weights]), decide(tokens, weights)), found!.totalVariation);
  disposeImages(pooled);
});

test("two opposed tokens: no other weights say the same, and none are found", async () => {
  const tokens = [
    [1, 0],
    [0, 1],
  ];
  const weights = [0.6, 0.4];
  const pooled = images([tokens], [weights]);
  const [found] = await adversarialAttention(pooled, { seed: 1 });
  // The logits are 5(2α − 1) apart, so ε = 0.01 allows α to move by about 0.01/(10·p(1 − p)) = 0.0051.
  const p = decide(tokens, weights)[0]!;
  const limit = Math.log((p + 0.01) / (1 - p - 0.01)) / 10 + 0.5;
  const most = jensenShannon([limit, 1 - limit], weights);
  assert.ok(found!.jensenShannon <= most * 1.02 + 1e-7, `${found!.jensenShannon} exceeds ${most}`);
  assert.ok(most < 1e-4 && Math.abs(found!.weights[0]! - 0.6) < 0.006);
  assert.ok(found!.totalVariation <= 0.01);
  disposeImages(pooled);
});

test("on random tokens the search comes as far as trying every weighting of a fine grid", async () => {
  const stream = randomStream(3, "tokens");
  const tokens = Array.from({ length: 12 }, () =>
    Array.from({ length: 3 }, () => Array.from({ length: 2 }, () => stream.normal() / 2)),
  );
  const weights = tokens.map(() => {
    const raised = [0, 1, 2].map(() => Math.exp(stream.normal()));
    return raised.map((value) => value / raised.reduce((sum, x) => sum + x, 0));
  });
  // From a classifier that hardly tells the tokens apart to one so sure that ε leaves a path as narrow as a hair.
  const reached: number[] = [];
  for (const factor of [0.3, 5, 30]) {
    const pooled = images(tokens, weights, factor);
    const found = await adversarialAttention(pooled, { seed: 2 });
    for (const [i, { jensenShannon, totalVariation }] of found.entries()) {
      assert.ok(totalVariation <= 0.01);
      reached.push(jensenShannon / largestOnGrid(tokens[i]!, weights[i]!, 0.01, factor));
    }
    disposeImages(pooled);
  }
  const listed = reached.map((share) => share.toFixed(2)).join(" ");
  assert.ok(reached.filter((share) => share >= 0.97).length >= 33, `${listed} of what exists`);
  // It is a lower bound: on the narrowest path half of what exists is found.
  assert.ok(Math.min(...reached) >= 0.4, `${listed} of what exists`);
});

test("the search is reproducible, does not depend on its neighbours' search, and leaves no tensor", async () => {
  const pooled = images(
    [
      [
        [1, 0],
        [0.9, 0.1],
        [0, 1],
      ],
    ],
    [[0.5, 0.2, 0.3]],
  );
  const options = { seed: 4, iterations: 40, starts: 3 };
  const first = await assertNoTensorLeak(() => adversarialAttention(pooled, options));
  assert.deepEqual(await adversarialAttention(pooled, options), first);
  const [none] = await adversarialAttention(pooled, { ...options, epsilon: 0 });
  assert.ok(none!.totalVariation === 0 && none!.jensenShannon < 1e-6, "nothing may move, and nothing does");
  disposeImages(pooled);
});

test("permuting weights: alike tokens change nothing, two opposed ones change by hand", async () => {
  const [alike, opposed] = [
    [
      [1, 0],
      [1, 0],
    ],
    [
      [1, 0],
      [0, 1],
    ],
  ] as const;
  const pooled = images(
    [alike, opposed].map((tokens) => tokens.map((token) => [...token])),
    [
      [0.9, 0.1],
      [0.9, 0.1],
    ],
  );
  const [same, changed] = await assertNoTensorLeak(() =>
    permutedAttention(pooled, { permutations: 101, seed: 5 }),
  );
  assert.equal(same!.median, 0);
  // Swapped, the logits are 4 apart in the other direction.
  const swap = Math.tanh(2);
  const swaps = changed!.distances.filter((distance) => distance > 0).length;
  assert.ok(swaps > 35 && swaps < 66, `${swaps} of 101 permutations swap`);
  for (const distance of changed!.distances) near(Math.min(distance, Math.abs(distance - swap)), 0);
  near(changed!.median, swaps > 50 ? swap : 0);
  assert.deepEqual(await permutedAttention(pooled, { permutations: 101, seed: 5 }), [same, changed]);
  disposeImages(pooled);
});

test("an even number of permutations has the mean of the two middle distances as its median", async () => {
  const pooled = images(
    [
      [
        [1, 0],
        [0, 1],
        [0.5, 0.2],
      ],
    ],
    [[0.7, 0.2, 0.1]],
  );
  const [result] = await permutedAttention(pooled, { permutations: 20, seed: 6 });
  const sorted = [...result!.distances].sort((a, b) => a - b);
  near(result!.median, (sorted[9]! + sorted[10]!) / 2, 1e-7);
  assert.ok(sorted[0]! < sorted[19]!);
  disposeImages(pooled);
});

test("dropping a token agrees with a calculation by hand", async () => {
  const tokens = [
    [1, 0],
    [0, 1],
    [0.5, 0.2],
  ];
  const weights = [0.5, 0.3, 0.2];
  const pooled = images([tokens, tokens], [weights, [1, 0, 0]]);
  const { drops, distances } = await assertNoTensorLeak(() => tokenEffects(pooled, [0, 1]));
  const rest = (i: number) => weights.map((w, j) => (i === j ? 0 : w / (1 - weights[i]!)));
  for (const i of [0, 1, 2]) {
    near(drops[i]!, decide(tokens, weights)[0]! - decide(tokens, rest(i))[0]!);
    near(distances[i]!, totalVariation(decide(tokens, weights), decide(tokens, rest(i))));
  }
  // All weight on the first: without it nothing is left, and zeros decide evenly.
  near(drops[3]!, decide(tokens, [1, 0, 0])[1]! - 0.5);
  near(drops[4]!, 0);
  near(drops[5]!, 0);
  disposeImages(pooled);
});

/** A model on two channels and three classes. */
function modelOf(pooling: "mean" | "max" | "attention" | "given"): TransferModel {
  const stream = randomStream(0, "test");
  const model = new TransferModel({ pooling, channels: 2, classes: 3, attentionUnits: 4, stream });
  for (const [i, variable] of model.headVariables.entries())
    tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 1, "float32", i + 1)));
  return model;
}

test("a model's own tokens and weights decide as the model does", async () => {
  const features = tf.randomNormal<tf.Rank.R4>([2, 2, 3, 2], 0, 1, "float32", 9);
  for (const pooling of ["mean", "attention"] as const) {
    const model = modelOf(pooling);
    const pooled = await assertNoTensorLeak(() => {
      const { tokens, weights } = pooledImages(model, features);
      return { tokens, weights };
    });
    assert.deepEqual(
      [pooled.tokens.shape, pooled.weights.shape],
      [
        [2, 6, 2],
        [2, 6],
      ],
    );
    const difference = tf.tidy(() => {
      const { context, logits } = model.decide(features);
      const mean = tf.matMul(pooled.weights.expandDims(1), pooled.tokens).reshape(context.shape);
      return model
        .classify(mean as tf.Tensor2D)
        .sub(logits)
        .abs()
        .max()
        .dataSync()[0]!;
    });
    near(difference, 0);
    tf.dispose([pooled.tokens, pooled.weights]);
    model.dispose();
  }
  for (const [pooling, message] of [
    ["max", /not the weighted mean/],
    ["given", /no weights of its own/],
  ] as const) {
    const model = modelOf(pooling);
    await assertNoTensorLeak(() =>
      assert.throws(
        () => pooledImages(model, features),
        (error) => error instanceof UserError && message.test(error.message),
      ),
    );
    model.dispose();
  }
  features.dispose();
});

test("what can't be tested is refused in a sentence", async () => {
  const pooled = images(
    [
      [
        [1, 0],
        [0, 1],
      ],
    ],
    [[0.5, 0.5]],
  );
  const crooked = { ...pooled, weights: tf.tensor2d([[0.2, 0.3, 0.5]]) };
  const refused: [() => Promise<unknown>, RegExp][] = [
    [() => adversarialAttention(crooked, { seed: 0 }), /tokens are \[1,2,2\] and the weights \[1,3\]/],
    [() => adversarialAttention(pooled, { seed: 0, epsilon: -1 }), /ε .* not -1/],
    [() => adversarialAttention(pooled, { seed: 0, starts: 0 }), /starts .* not 0/],
    [() => permutedAttention(pooled, { seed: 0, permutations: 0 }), /permutations .* not 0/],
    [() => tokenEffects(pooled, []), /0 targets for 1 images/],
    [() => tokenEffects(pooled, [2]), /target class .* 0 … 1, not 2/],
  ];
  for (const [call, message] of refused) {
    await assert.rejects(
      call,
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
  crooked.weights.dispose();
  disposeImages(pooled);
});

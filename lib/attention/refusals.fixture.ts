import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { assertRefused } from "./assert-refused.fixture";
import { attend } from "./attend";
import { convolutionalBlockAttention } from "./features/convolutional-block-attention";
import { CrossAttention } from "./features/cross-attention";
import { channelKernelSize, efficientChannelAttention } from "./features/efficient-channel-attention";
import { layerNormalisation } from "./features/layer-normalisation";
import { multiHeadAttention } from "./features/multi-head-attention";
import { relativePositionBias } from "./features/relative-positions";
import { SelfAttention } from "./features/self-attention";
import { SqueezeExcitation, squeezeExcitation } from "./features/squeeze-excitation";
import { mergeHeads, splitHeads } from "./heads";
import { clearMasked } from "./mask";
import { normalise } from "./normalisers/normaliser";
import { proportionalWeights } from "./normalisers/proportional";
import { sigmoidWeights } from "./normalisers/sigmoid";
import { softmaxWeights } from "./normalisers/softmax";
import { sparsemaxWeights } from "./normalisers/sparsemax";
import { uniformWeights } from "./normalisers/uniform";
import { AttentionPooling } from "./pooling/attention-pooling";
import { everyNormaliser, everyScore } from "./pooling/attention-poolings.fixture";
import { ClassAttention, classScores } from "./pooling/class-attention";
import { GatedAttention, gatedScores } from "./pooling/gated-attention";
import { generalisedMean } from "./pooling/generalised-mean-pooling";
import { learnedPoolings } from "./pooling/learned-poolings.fixture";
import { MaxPooling } from "./pooling/max-pooling";
import { MeanPooling } from "./pooling/mean-pooling";
import { joinHeads, MultiHeadPooling, multiHeadScores } from "./pooling/multi-head-pooling";
import { poolingRefusals } from "./pooling/pooling-refusals.fixture";
import { WeightedPooling } from "./pooling/weighted-pooling";
import {
  type Anything,
  ofLayer,
  ofNormaliser,
  ofScore,
  ones,
  type Refusal,
  whole,
} from "./refusal-kinds.fixture";
import { additiveScores } from "./scores/additive";
import { cosineScores } from "./scores/cosine";
import { dotProductScores, scaledDotProductScores } from "./scores/dot-product";
import { generalScores } from "./scores/general";
import { locationScores } from "./scores/location";

const seed = 1;

const projection = (): Anything => ({ kernel: ones(4, 4), bias: ones(4) });
const multiHead = (changed: Anything, options: Anything = { heads: 2 }, parameters: Anything = {}) =>
  multiHeadAttention(
    changed.queries ?? ones(1, 2, 4),
    changed.tokens ?? ones(1, 3, 4),
    { query: projection(), key: projection(), value: projection(), output: projection(), ...parameters },
    options,
  );
const excitation = (): Anything => ({
  squeezeKernel: ones(4, 2),
  squeezeBias: ones(2),
  exciteKernel: ones(2, 4),
  exciteBias: ones(4),
});
const block = (...kernel: number[]): Anything => ({
  squeezeKernel: ones(4, 2),
  exciteKernel: ones(2, 4),
  spatialKernel: ones(...kernel),
});
const mapParameters = (): Anything => ({
  query: ones(1, 4),
  queryProjection: ones(4, 4),
  keyProjection: ones(4, 4),
  valueProjection: ones(4, 4),
  outputProjection: ones(4, 4),
});
const additiveParameters = (): Anything => ({
  keyProjection: ones(4, 2),
  queryProjection: ones(4, 2),
  scoreVector: ones(2, 1),
});

/** Made when a backend runs: each holds tensors. */
function refusals(): Refusal[] {
  return [
    ...ofLayer("MeanPooling", () => new MeanPooling()),
    ...ofLayer("MaxPooling", () => new MaxPooling()),
    ...Object.entries(learnedPoolings).flatMap(([name, make]) => ofLayer(name, make)),
    ...ofLayer("SelfAttention", () => new SelfAttention({ heads: 2, seed })),
    ...everyScore.flatMap((score) =>
      ofLayer(`AttentionPooling, ${score.kind}`, () => new AttentionPooling({ score, seed })),
    ),
    ...ofScore("dotProductScores", dotProductScores, true),
    ...ofScore("scaledDotProductScores", scaledDotProductScores, true),
    ...ofScore("cosineScores", (keys, query) => cosineScores(keys, query), true),
    ...ofScore("additiveScores", (keys, query) => additiveScores(keys, query, additiveParameters()), false),
    ...ofScore("generalScores", (k, y) => generalScores(k, y, { scoreMatrix: ones(4, 4) }), false),
    ...ofScore("locationScores", (k, y) => locationScores(k, y, { positionProjection: ones(4, 3) }), false),
    ...everyNormaliser.flatMap((normaliser) =>
      ofNormaliser(`normalise, ${normaliser.kind}`, (e, mask) => normalise(e, normaliser, mask)),
    ),
    ...ofNormaliser("softmaxWeights", (e, mask) => softmaxWeights(e, mask)),
    ...ofNormaliser("sparsemaxWeights", sparsemaxWeights),
    ...ofNormaliser("sigmoidWeights", sigmoidWeights),
    ...ofNormaliser("proportionalWeights", proportionalWeights),

    ...poolingRefusals(),
    ["uniformWeights, a batch of 1.5", () => uniformWeights(1.5, 3), /batch must be a whole number/],
    ["uniformWeights, no positions", () => uniformWeights(2, 0), /positions must be a whole number/],
    ["uniformWeights, a mask", () => uniformWeights(2, 3, ones(2, 4)), /axis 1 of mask must be 3, not 4/],
    [
      "normalise, an unknown kind",
      () => normalise(ones(1, 1, 2), { kind: "hardmax" } as Anything),
      /kind of/,
    ],
    ["normalise, nothing", () => normalise(ones(1, 1, 2), undefined as Anything), /kind of normaliser must/],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, "1"].flatMap((temperature: Anything): Refusal[] => [
      [`cosineScores at ${temperature}`, () => cosineScores(ones(1, 2, 3), ones(1, 3), temperature), /temp/],
      [
        `softmaxWeights at ${temperature}`,
        () => softmaxWeights(ones(1, 1, 2), undefined, temperature),
        /temp/,
      ],
    ]),

    ["attend, whole weights", () => attend(ones(1, 3, 4), whole(1, 1, 3)), /takes weights as float32/],
    [
      "attend, weights of two axes",
      () => attend(ones(1, 3, 4), ones(1, 3) as Anything),
      /weights has 2 axes/,
    ],
    ["attend, other positions", () => attend(ones(1, 3, 4), ones(1, 1, 4)), /positions is 3 in values and 4/],
    ["attend, a mask of heads", () => attend(ones(1, 3, 4), ones(1, 1, 3), ones(1, 1, 3)), /mask has 3 axes/],
    ["clearMasked, other axes", () => clearMasked(ones(2, 3, 4), ones(2, 4)), /must be the first axes/],
    ["clearMasked, more axes", () => clearMasked(ones(2, 3), ones(2, 3, 1)), /must be the first axes/],
    ["clearMasked, no mask", () => clearMasked(ones(2, 3), undefined as Anything), /a tensor as mask/],
    ["splitHeads, 3 of 4 channels", () => splitHeads(ones(1, 2, 4), 3), /can't deal 4 channels evenly to 3/],
    ["splitHeads, no heads", () => splitHeads(ones(1, 2, 4), 0), /heads must be a whole number/],
    ["splitHeads, four axes", () => splitHeads(ones(1, 1, 2, 4), 2), /reshape the grid/],
    ["mergeHeads, three axes", () => mergeHeads(ones(1, 2, 4)), /tokens of heads has 3 axes/],
    ["classScores", () => classScores(ones(1, 2, 4), ones(3, 5)), /channels is 4 in keys and 5 in queries/],
    [
      "gatedScores",
      () => gatedScores(ones(1, 2, 4), { ...additiveParameters(), gateProjection: ones(4, 3) }),
      /units is 2 in keyProjection and 3 in gateProjection/,
    ],
    ["multiHeadScores, 3 heads", () => multiHeadScores(ones(1, 2, 4), mapParameters(), 3), /can't deal/],
    ["joinHeads, 3 heads", () => joinHeads(ones(1, 3, 4), mapParameters()), /can't deal 4 channels/],
    [
      "generalisedMean, two p",
      () => generalisedMean(ones(1, 2, 4), { exponent: ones(2) }),
      /must be 1, not 2/,
    ],
    [
      "generalisedMean, no positions",
      () => generalisedMean(ones(1, 0, 4), { exponent: ones(1) }),
      /has no p/,
    ],
    ["layerNormalisation", () => layerNormalisation(ones(1, 2, 4), ones(3), ones(4)), /and 3 in gain/],
    [
      "relativePositionBias, even",
      () => relativePositionBias(ones(3, 4, 1)),
      /offsets of axis 2 must be odd/,
    ],
    ["relativePositionBias, heads alone", () => relativePositionBias(ones(2)), /table has 1 axis/],
    ["channelKernelSize, no channels", () => channelKernelSize(0), /channels must be a whole number/],
    ["squeezeExcitation, no grid", () => squeezeExcitation(ones(1, 4), excitation()), /grids has 2 axes/],
    ["squeezeExcitation, whole", () => squeezeExcitation(whole(1, 2, 4), excitation()), /grids as float32/],
    [
      "squeezeExcitation, a flat mask",
      () => squeezeExcitation(ones(1, 2, 2, 4), excitation(), ones(1, 4)),
      /mask \[batch, rows, columns\].*mask has 2 axes/,
    ],
    [
      "efficientChannelAttention",
      () => efficientChannelAttention(ones(1, 2, 4), ones(2)),
      /kernel must be odd/,
    ],
    [
      "convolutionalBlockAttention, another kernel",
      () => convolutionalBlockAttention(ones(1, 5, 4), block(3, 3, 2, 1)),
      /spatialKernel has 4 axes/,
    ],
    [
      "convolutionalBlockAttention, four axes",
      () => convolutionalBlockAttention(ones(1, 1, 1, 1, 2, 4), block(3, 3, 3, 2, 1)),
      /one to three axes between batch and channels, not 4/,
    ],
    ["multiHeadAttention, 3 heads", () => multiHead({}, { heads: 3 }), /can't deal 4 channels evenly to 3/],
    [
      "multiHeadAttention, whole",
      () => multiHead({ tokens: whole(1, 3, 4) }),
      /tokens as float32, not int32/,
    ],
    [
      "multiHeadAttention, a mask",
      () => multiHead({}, { heads: 2, mask: ones(1, 2) }),
      /3 in tokens and 2 in mask/,
    ],
    [
      "multiHeadAttention, a probe",
      () => multiHead({}, { heads: 2, probe: ones(1, 2, 3, 3) }),
      /and 3 in probe/,
    ],
    [
      "multiHeadAttention, no projection",
      () => multiHead({}, { heads: 2 }, { value: undefined }),
      /takes a tensor as value kernel, not undefined/,
    ],
    [
      "WeightedPooling, amounts of tokens",
      () => new WeightedPooling().apply([ones(1, 3, 4), ones(1, 3, 4)]),
      /amounts has 3 axes/,
    ],
    ["WeightedPooling, no amounts", () => new WeightedPooling().apply(ones(1, 3, 4)), /takes 2 input/],
    [
      "CrossAttention, a mask of the queries for the tokens",
      () =>
        new CrossAttention({ heads: 2, seed }).apply([ones(1, 3, 4), ones(1, 2, 4)], { mask: ones(1, 2) }),
      /positions is 3 in tokens and 2 in mask/,
    ],
    [
      "CrossAttention, a mask of the tokens for the queries",
      () =>
        new CrossAttention({ heads: 2, seed }).apply([ones(1, 3, 4), ones(1, 2, 4)], {
          queryMask: ones(1, 3),
        }),
      /queries is 2 in queries and 3 in queryMask/,
    ],
    [
      "an unknown score",
      () => new AttentionPooling({ score: { kind: "x" } as Anything, seed }),
      /kind of score/,
    ],
    ["no score", () => new AttentionPooling({ seed } as Anything), /kind of score must be one of/],
    ...[0, 2.5, Number.NaN, -3, undefined, "2", true].flatMap((wrong: Anything): Refusal[] => [
      [`units of ${wrong}`, () => new GatedAttention({ units: wrong, seed }), /units must be a whole number/],
      [`classes of ${wrong}`, () => new ClassAttention({ classes: wrong }), /classes must be a whole/],
      [`heads of ${wrong}`, () => new MultiHeadPooling({ heads: wrong, seed }), /heads must be a whole/],
      [
        `a grid of ${wrong}`,
        () => new SelfAttention({ heads: 1, seed, positions: "relative", grid: [2, wrong] }),
        /grid must be a whole number/,
      ],
    ]),
    ...[2.5, Number.NaN, -1, undefined, "1"].flatMap((wrong: Anything): Refusal[] => [
      [
        `a seed of ${wrong}`,
        () => new GatedAttention({ units: 1, seed: wrong }),
        /seed must be a whole number/,
      ],
      [`a seed of ${wrong}, features`, () => new SqueezeExcitation({ seed: wrong }), /seed must be a whole/],
    ]),
    ...[14, [], "14"].map(
      (grid: Anything): Refusal => [
        `a grid that is ${JSON.stringify(grid)}`,
        () => new SelfAttention({ heads: 1, seed, positions: "relative", grid }),
        /grid must be a list of sizes/,
      ],
    ),
  ];
}

/** Declares the tests of what is refused by name, on the backend that runs then. */
export function testRefusals(): void {
  test("what a layer or a function can't compute is refused with a sentence that names it", () => {
    tf.tidy(() => {
      for (const [what, work, message] of refusals()) {
        try {
          assertRefused(work, message);
        } catch (error) {
          assert.fail(`${what}: ${(error as Error).message}`);
        }
      }
    });
  });

  test("a layer that was refused is not built, and can be built rightly", () => {
    tf.tidy(() => {
      const layer = new MultiHeadPooling({ heads: 2, seed });
      assertRefused(() => layer.build([null, null, 5]), /can't deal 5 channels/);
      assertRefused(() => layer.parameters, /has no parameters yet/);
      assert.deepEqual(layer.apply(ones(1, 3, 4))[0].shape, [1, 4]);
      const learned = new SelfAttention({ heads: 2, seed, positions: "learned" });
      assertRefused(() => learned.build([null, null, 4]), /must know its number of positions/);
      assert.deepEqual(learned.apply(ones(1, 3, 4)).shape, [1, 3, 4]);
      assert.equal(learned.variables.length, 8);
    });
  });

  test("a mask may hold numbers of any type", () => {
    tf.tidy(() => {
      const tokens = tf.tensor3d([[[1], [2], [4]]]);
      for (const type of ["bool", "int32", "float32"] as const) {
        const mask = tf.tensor2d([[1, 1, 0]], [1, 3], type);
        assert.equal(new MeanPooling().apply(tokens, { mask })[0].dataSync()[0], 1.5);
        assert.equal(new WeightedPooling().apply([tokens, mask])[0].dataSync()[0], 1.5);
      }
    });
  });
}

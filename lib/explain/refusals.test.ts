import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { maskOnGrid } from "../datasets/cutouts/mask-on-grid";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { explain } from "./explain";
import { probabilityOf } from "./faithfulness/predict";
import { removalCurve } from "./faithfulness/removal-curve";
import { tokenEffects } from "./faithfulness/token-effects";
import { bestIou } from "./localisation/best-iou";
import { centrePrior, uniformMap } from "./localisation/controls";
import { massCeiling, massInside } from "./localisation/mass-inside";
import { maxBoxAccuracy } from "./localisation/max-box-accuracy";
import { boxMask } from "./localisation/object-mask";
import { partPointScore } from "./localisation/part-points";
import { pointingGame } from "./localisation/pointing-game";
import { poolMap } from "./map-size";
import { makeNetwork } from "./network";
import { adversarialAttention } from "./sanity/adversarial-attention";
import { mapSimilarity } from "./sanity/map-similarity";
import { permutedAttention } from "./sanity/permuted-attention";
import { seedAgreement } from "./sanity/seed-agreement";

before(() => startTensorFlow());

const mask = boxMask({ left: 1, top: 1, width: 2, height: 2 }, 4, 4);
const image = { width: 4, height: 4, channels: 3 as const, data: new Uint8Array(48) };
const map = (values: ArrayLike<number>, rows = 2, columns = 2) => ({
  map: Float32Array.from(values),
  rows,
  columns,
});
const sound = map([1, 2, 3, 4]);
const box = { left: 0, top: 0, width: 2, height: 2 };
const boxed = (explanation: typeof sound) => ({ explanation, boxes: [box], width: 4, height: 4 });
const sure = async (images: unknown[]) => new Float32Array(images.length).fill(0.5);

/** Every score that takes a map. */
const scores: Record<string, (explanation: typeof sound) => unknown> = {
  massInside: (explanation) => massInside(explanation, mask),
  bestIou: (explanation) => bestIou(explanation, mask),
  pointingGame: (explanation) => pointingGame(explanation, mask),
  partPointScore: (explanation) => partPointScore(explanation, [{ x: 1, y: 1 }], 4, 4),
  maxBoxAccuracy: (explanation) => maxBoxAccuracy([boxed(explanation)]),
  mapSimilarity: (explanation) => mapSimilarity(map([1, 2, 3, 4, 5, 6, 7, 8, 9], 3, 3), explanation),
  seedAgreement: (explanation) => seedAgreement([sound, explanation]),
  poolMap: (explanation) => poolMap(explanation, 1, 1),
  removalCurve: (explanation) => removalCurve(image, explanation, sure, { kind: "deletion" }),
};

for (const [name, score] of Object.entries(scores)) {
  test(`${name} refuses a map with any number that is none, wherever it stands, or of other sizes`, async () => {
    const refuses = (explanation: typeof sound) =>
      assert.rejects(async () => score(explanation), UserError, JSON.stringify(explanation));
    const wrong = fc.constantFrom(Number.NaN, Infinity, -Infinity);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3 }), wrong, (at, value) =>
        refuses({ ...sound, map: sound.map.map((own, i) => (i === at ? value : own)) }),
      ),
      { numRuns: 12 },
    );
    for (const sizes of [
      { rows: 3 },
      { rows: -2, columns: -2 },
      { rows: 0.5, columns: 8 },
      { columns: Number.NaN },
    ])
      await refuses({ ...sound, ...sizes });
    await refuses(map([], 0, 0));
  });
}

const refused: [what: string, ask: () => unknown, message: RegExp][] = [
  [
    "a mask with too few values",
    () => massInside(sound, { ...mask, data: mask.data.subarray(1) }),
    /15 values for 4 × 4/,
  ],
  ["an image without pixels", () => boxMask(box, 0, 4), /width .* not 0/],
  ["a grid of half a row", () => massCeiling(mask, 0.5, 2), /rows .* not 0\.5/],
  ["a grid without columns", () => maskOnGrid(mask, 2, 0), /columns .* not 0/],
  ["a control of NaN rows", () => uniformMap(Number.NaN, 2), /rows .* not NaN/],
  ["a centre prior that reaches no cell", () => centrePrior(2, 2, 1e-9), /between the cells/],
  ["no images with boxes", () => maxBoxAccuracy([]), /no images/],
  ["no IoU", () => maxBoxAccuracy([boxed(sound)], []), /no IoU/],
  ["an IoU of NaN", () => maxBoxAccuracy([boxed(sound)], [Number.NaN]), /IoU .* not NaN/],
  [
    "a box at NaN",
    () => maxBoxAccuracy([{ ...boxed(sound), boxes: [{ ...box, left: Number.NaN }] }]),
    /image 0 is at left NaN/,
  ],
  ["no part points", () => partPointScore(sound, [], 4, 4), /no part points/],
  [
    "a part point at NaN",
    () => partPointScore(sound, [{ x: Number.NaN, y: 0 }], 4, 4),
    /part point \(NaN, 0\)/,
  ],
  ["a negative tolerance", () => pointingGame(sound, mask, { tolerance: -1 }), /tolerance .* not -1/],
  ["one map alone", () => seedAgreement([sound]), /two seeds or more, not of 1/],
  ["a map pooled to nothing", () => poolMap(sound, 0, 1), /side of a map.* not 0/],
  [
    "an unknown removal",
    () => removalCurve(image, sound, sure, { kind: "shuffling" as "deletion" }),
    /no removal "shuffling"/,
  ],
  [
    "an unknown baseline",
    () => removalCurve(image, sound, sure, { kind: "deletion", baseline: "grey" as "blurred" }),
    /no baseline "grey"/,
  ],
  [
    "steps of NaN",
    () => removalCurve(image, sound, sure, { kind: "deletion", steps: Number.NaN }),
    /steps .* not NaN/,
  ],
  [
    "a seed of NaN",
    () => removalCurve(image, sound, sure, { kind: "deletion", seed: Number.NaN }),
    /seed .* not NaN/,
  ],
  ["classes of NaN", () => probabilityOf(sure as never, Number.NaN, 0), /classes .* not NaN/],
];

for (const [what, ask, message] of refused) {
  test(`a score refuses ${what} in a sentence`, () =>
    assert.rejects(
      async () => ask(),
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    ));
}

test("what attention is tested on must be finite, and the image is named", () =>
  assertNoTensorLeak(async () => {
    const tokens = tf.tensor3d([1, 2, 3, Number.NaN], [2, 2, 1]);
    const weights = tf.tensor2d([0.5, 0.5, 0.5, 0.5], [2, 2]);
    const images = { tokens, weights, classify: (x: tf.Tensor2D) => x.tile<tf.Tensor2D>([1, 2]) };
    const named = /image 1, counted from 0/;
    await assert.rejects(permutedAttention(images, { seed: 1, permutations: 3 }), named);
    await assert.rejects(tokenEffects(images, [0, 1]), named);
    await assert.rejects(adversarialAttention(images, { seed: 1, starts: 2, iterations: 2 }), named);
    tf.dispose([tokens, weights]);
  }));

test("a network is made of whole sizes, and explains nothing once its weights are broken", async () => {
  const network = (logit: number, sizes = {}) =>
    makeNetwork({
      inputSize: 4,
      classes: 2,
      rows: 2,
      columns: 2,
      features: (pixels) => tf.avgPool(pixels, 2, 2, "valid"),
      decide: (features) => ({
        context: features.mean<tf.Tensor2D>([1, 2]),
        logits: tf.fill<tf.Rank.R2>([features.shape[0], 2], logit),
        weights: tf.fill<tf.Rank.R3>([features.shape[0], 1, 4], 0.25),
      }),
      ...sizes,
    });
  assert.throws(() => network(0, { rows: 2.5 }), /UserError: The `rows` of a network .* not 2\.5/);
  const broken = network(Number.NaN);
  await assert.rejects(
    explain(broken, image, { method: "attention" }),
    /UserError: Number 0 of the logits is NaN/,
  );
  const short = { ...image, data: image.data.subarray(3) };
  await assert.rejects(
    explain(broken, short, { method: "attention" }),
    /UserError: Image 0, .* has 45 values/,
  );
  broken.dispose();
});

test("a network of other classes or another grid than it says is refused, whatever the method", async () => {
  const decide = (features: tf.Tensor4D) =>
    tf.tidy(() => {
      const context = features.mean<tf.Tensor2D>([1, 2]);
      return { context, logits: context, weights: tf.fill<tf.Rank.R3>([features.shape[0], 1, 4], 0.25) };
    });
  const parts = {
    inputSize: 4,
    classes: 3,
    rows: 2,
    columns: 2,
    features: (pixels: tf.Tensor4D) => tf.avgPool(pixels, 2, 2, "valid"),
    decide,
  };
  for (const [wrong, message] of [
    [{ classes: 5 }, /logits are \[1, 3\], and of one image they should be \[1, 5\]/],
    [{ rows: 4, columns: 1 }, /features are \[1, 2, 2, 3\], .* \[1, 4, 1, any\]/],
    [
      { decide: (x: tf.Tensor4D) => ({ ...decide(x), weights: tf.ones<tf.Rank.R3>([1, 1, 9]) }) },
      /weights are/,
    ],
  ] as const) {
    const network = makeNetwork({ ...parts, ...wrong });
    for (const method of ["attention", "Grad-CAM", "occlusion"] as const)
      await assert.rejects(
        explain(network, image, { method }),
        (error) => error instanceof UserError && message.test(error.message),
      );
    network.dispose();
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { uniformMap } from "../localisation/controls";
import type { RelevanceMap } from "../question";
import { type PredictTarget, probabilityOf } from "./predict";
import { removalSequence } from "./removal";
import { removalBaselineImage } from "./removal-baseline";
import { areaUnder, type RemovalCurveOptions, removalCurve } from "./removal-curve";

const near = (actual: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const allNear = (actual: ArrayLike<number>, expected: readonly number[]) => {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) near(actual[i]!, value);
};

const grid = (rows: number, columns: number, map: number[]): RelevanceMap => ({
  rows,
  columns,
  map: Float32Array.from(map),
});

/** A grey image of 2 × 2 cells of 2 × 2 pixels. */
function cells(values: readonly number[]): PixelImage {
  const data = Uint8Array.from({ length: 16 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return values[Math.floor(pixel / 8) * 2 + (Math.floor(pixel / 2) % 2)]!;
  });
  return { width: 4, height: 4, channels: 3, data };
}
const black = cells([0, 0, 0, 0]);

/** A network that knows brightness only: its probability is the mean over the pixels, of 255. */
const brightness: PredictTarget = async (images) =>
  Float32Array.from(images, ({ data }) => data.reduce((sum, value) => sum + value, 0) / (255 * data.length));

const image = cells([204, 51, 102, 0]); // adds 0.2, 0.05, 0.1 and 0 to the probability
const map = grid(2, 2, [9, 2, 4, 0]);
const curve = (options: Partial<RemovalCurveOptions> = {}) =>
  removalCurve(image, map, brightness, { kind: "deletion", baseline: black, ...options });

test("deletion and insertion agree with a calculation by hand", async () => {
  const deletion = await curve();
  assert.deepEqual(deletion.shares, [0, 0.25, 0.5, 0.75, 1]);
  allNear(deletion.probabilities, [0.35, 0.15, 0.05, 0, 0]);
  near(deletion.area, ((0.35 + 0) / 2 + 0.15 + 0.05 + 0) / 4);
  const insertion = await curve({ kind: "insertion" });
  allNear(insertion.probabilities, [0, 0.2, 0.3, 0.35, 0.35]);
  near(insertion.area, (0.35 / 2 + 0.2 + 0.3 + 0.35) / 4);
  assert.deepEqual(insertion.imageAt(1).data, cells([204, 0, 0, 0]).data);
  assert.deepEqual(deletion.imageAt(1).data, cells([0, 51, 102, 0]).data);
  assert.deepEqual(deletion.imageAt(4).data, black.data);
});

test("fewer steps take several cells at once, and batches change nothing", async () => {
  const coarse = await curve({ steps: 2 });
  assert.deepEqual(coarse.shares, [0, 0.5, 1]);
  allNear(coarse.probabilities, [0.35, 0.05, 0]);
  // 3 steps over 4 cells: 1.33 and 2.67 cells are rounded.
  assert.deepEqual((await curve({ steps: 3 })).shares, [0, 0.25, 0.75, 1]);
  for (const batchSize of [1, 2, 5]) {
    assert.deepEqual((await curve({ batchSize })).probabilities, (await curve()).probabilities);
  }
  const fine = await removalSequence({ ...image }, grid(4, 4, new Array(16).fill(1)), {
    kind: "deletion",
    baseline: "mean colour",
  });
  assert.equal(fine.shares.length, 17);
});

test("on a network that adds up its cells no order deletes faster, or inserts faster, than the true one", () => {
  const contributions = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
  return fc.assert(
    fc.asyncProperty(contributions, contributions, async (values, other) => {
      const area = async (kind: "deletion" | "insertion", order: number[]) =>
        (await removalCurve(cells(values), grid(2, 2, order), brightness, { kind, baseline: black })).area;
      assert.ok((await area("deletion", values)) <= (await area("deletion", other)) + 1e-6);
      assert.ok((await area("insertion", values)) >= (await area("insertion", other)) - 1e-6);
      const reordered = other.map((value) => value * 7);
      assert.equal(await area("deletion", reordered), await area("deletion", other), "only the order counts");
    }),
    { numRuns: 60, seed: 2018 },
  );
});

test("equals are ordered by the seed: the uniform map removes at random, on average along the straight line", async () => {
  const areas: number[] = [];
  for (let seed = 0; seed < 300; seed++) {
    const options = { kind: "deletion" as const, baseline: black, seed };
    areas.push((await removalCurve(image, uniformMap(2, 2), brightness, options)).area);
  }
  near(areas.reduce((sum, area) => sum + area, 0) / areas.length, 0.35 / 2, 0.005);
  assert.ok(new Set(areas).size > 10);
  const again = await removalCurve(image, uniformMap(2, 2), brightness, {
    kind: "deletion",
    baseline: black,
    seed: 7,
  });
  assert.equal(again.area, areas[7]);
});

test("the blurred baseline is as smooth as it says, the mean colour is the mean", async () => {
  const step: PixelImage = { width: 100, height: 100, channels: 3, data: new Uint8Array(30_000) };
  for (let i = 0; i < 30_000; i++) step.data[i] = Math.floor(i / 3) % 100 < 50 ? 0 : 200;
  const blurred = await removalBaselineImage(step, "blurred");
  // A step, blurred with σ = 100/20 = 5, is the normal distribution: 84.1 % of the way one σ beyond the edge.
  const at = (x: number) => blurred.data[(50 * 100 + x) * 3]! / 200;
  near((at(54) + at(55)) / 2, 0.841, 0.01);
  near((at(44) + at(45)) / 2, 0.159, 0.01);
  const flat = await removalBaselineImage(step, "mean colour");
  assert.ok(flat.data.every((value) => value === 100));
});

test("the probability of one class comes out of those of all", async () => {
  const predict = probabilityOf(
    async (images) => Float32Array.from(images.flatMap(() => [0.2, 0.7, 0.1])),
    3,
    1,
  );
  allNear(await predict([image, image]), [0.7, 0.7]);
});

test("the area is the trapezoids'", () => {
  near(areaUnder([0, 0.5, 1], [1, 0.5, 0.5]), 0.375 + 0.25);
  near(areaUnder([0, 0.1, 1], [1, 0, 0]), 0.05);
});

test("what does not fit is refused in a sentence", async () => {
  const refused: [() => Promise<unknown>, RegExp][] = [
    [() => curve({ steps: 5 }), /steps must be a whole number in 1 … 4, not 5/],
    [() => curve({ batchSize: 0 }), /batch size .* not 0/],
    [() => curve({ baseline: { ...black, width: 2, height: 8 } }), /baseline has 2 × 8 .* image 4 × 4/],
    [() => removalCurve(image, grid(2, 2, [1]), brightness, { kind: "deletion" }), /1 values for a grid/],
    [() => removalCurve(image, uniformMap(5, 2), brightness, { kind: "deletion" }), /finer than the image/],
    [
      () => removalCurve(image, map, async () => new Float32Array(1), { kind: "deletion", baseline: black }),
      /gave 1 numbers for 5 images/,
    ],
    [
      () =>
        removalCurve(image, map, async () => new Float32Array(5).fill(Number.NaN), {
          kind: "deletion",
          baseline: black,
        }),
      /not finite/,
    ],
    [async () => (await curve()).imageAt(5), /step must be .* 0 … 4, not 5/],
    [async () => probabilityOf(brightness, 3, 3), /target class must be .* 0 … 2, not 3/],
    [async () => areaUnder([0], [1]), /two points or more/],
  ];
  for (const [call, message] of refused) {
    await assert.rejects(
      call,
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});

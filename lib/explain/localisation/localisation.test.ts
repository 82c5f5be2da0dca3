import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { readScoreGoldens } from "../goldens/scores.fixture";
import type { RelevanceMap } from "../question";
import { bestIou } from "./best-iou";
import { centrePrior, uniformMap } from "./controls";
import { largestComponentBoxes } from "./largest-component";
import { massCeiling, massInside } from "./mass-inside";
import { boxIou, maxBoxAccuracy } from "./max-box-accuracy";
import { boxMask } from "./object-mask";
import { partPointScore } from "./part-points";
import { pointingGame } from "./pointing-game";

const runs = { numRuns: 100, seed: 2020 };

const near = (actual: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const grid = (rows: number, columns: number, map: number[]): RelevanceMap => ({
  rows,
  columns,
  map: Float32Array.from(map),
});
const maskOf = (width: number, height: number, inside: ArrayLike<number>): PixelImage => ({
  width,
  height,
  channels: 1,
  data: Uint8Array.from(inside, (value) => (value ? 255 : 0)),
});
const rectangle = ([left, top, width, height]: readonly number[]) => ({
  left: left!,
  top: top!,
  width: width!,
  height: height!,
});

const { localisation } = readScoreGoldens();
for (const [i, golden] of localisation.images.entries()) {
  const explanation = grid(golden.rows, golden.columns, golden.map);
  const { width, height } = localisation;
  const mask = maskOf(width, height, Array.from(golden.mask, Number));
  test(`scores of random map ${i}, ${golden.rows} × ${golden.columns}, agree with SciPy and scikit-image`, () => {
    near(massInside(explanation, mask), golden.massInside);
    near(bestIou(explanation, mask).iou, golden.bestIou);
    const points = golden.points.map(([x, y]) => ({ x, y }));
    near(partPointScore(explanation, points, width, height).mean, golden.partPoints);
    assert.equal(pointingGame(explanation, mask, { tolerance: golden.distance + 1e-9 }), 1);
    if (golden.distance > 0)
      assert.equal(pointingGame(explanation, mask, { tolerance: golden.distance - 1e-9 }), 0);
  });
}

test("MaxBoxAcc of the random maps agrees with labelling the components anew at a thousand thresholds", () => {
  const { width, height, ious, accuracies } = localisation;
  const images = localisation.images.map(({ rows, columns, map, box }) => ({
    explanation: grid(rows, columns, map),
    boxes: [rectangle(box)],
    width,
    height,
  }));
  const results = maxBoxAccuracy(images, ious);
  assert.deepEqual(
    results.map(({ accuracy }) => accuracy),
    accuracies,
  );
  assert.deepEqual(maxBoxAccuracy(images), results, "0.3, 0.5 and 0.7 are the default");
  // At the image's own resolution nothing is interpolated, and the boxes are the same to the pixel.
  const fine = localisation.images.find(({ rows }) => rows === height)!;
  const [least, most] = [Math.min(...fine.map), Math.max(...fine.map)];
  const levels = fine.map.map((value) => Math.floor((1000 * (value - least)) / (most - least)));
  const boxes = largestComponentBoxes(levels, width, height, 1000);
  assert.deepEqual(
    boxes.filter((_, level) => level % 50 === 0),
    fine.boxes.map(rectangle),
  );
});

test("by hand: a map of 2 × 2 on an object of half a cell", () => {
  // The object is the left half of the upper left cell of an image of 4 × 4 pixels.
  const mask = maskOf(4, 4, [1, 0, 0, 0, /**/ 1, 0, 0, 0, /**/ 0, 0, 0, 0, /**/ 0, 0, 0, 0]);
  const explanation = grid(2, 2, [6, 1, 2, 1]);
  near(massInside(explanation, mask), 0.3); // 6/10 · 1/2
  assert.equal(massCeiling(mask, 2, 2), 0.5);
  // The centre of the upper left cell lies on the corner of pixel (1, 1), next to the object.
  assert.equal(pointingGame(explanation, mask), 0);
  assert.equal(pointingGame(explanation, mask, { tolerance: 1 }), 1);
  // Two cells tie, one of them hits.
  assert.equal(pointingGame(grid(2, 2, [3, 0, 0, 3]), mask, { tolerance: 1 }), 0.5);
  // Enlarged bilinearly the left column is 6, 5, 3, 2 and the upper row 6, 4.75, 2.25, 1: two pixels reach 5.
  const { iou, threshold } = bestIou(explanation, mask);
  near(threshold, 5);
  near(iou, 1);
  const { mean, perPoint } = partPointScore(
    explanation,
    [
      { x: 0.5, y: 0.5 },
      { x: 3.9, y: 3.9 },
    ],
    4,
    4,
  );
  near(perPoint[0]!, 15.5 / 16); // the highest, and equal to itself
  near(perPoint[1]!, 2 / 16); // the lowest is 1, in the right column's four pixels, each equal to it
  near(mean, 17.5 / 32);
});

test("boxes: overlap by hand, pixels cut by a box count in proportion", () => {
  near(boxIou(rectangle([0, 0, 2, 2]), rectangle([1, 1, 2, 2])), 1 / 7);
  assert.equal(boxIou(rectangle([0, 0, 1, 1]), rectangle([1, 0, 1, 1])), 0);
  assert.deepEqual([...boxMask(rectangle([0.5, 0, 2, 1]), 4, 2).data], [128, 255, 128, 0, 0, 0, 0, 0]);
});

test("of two components as large as each other the first counts, and corners connect", () => {
  const levels = [1, 0, 0, 1, /**/ 0, 1, 0, 1];
  // The left one has two pixels that touch at a corner, the right one two that touch along a side.
  assert.deepEqual(largestComponentBoxes(levels, 4, 2, 2), [
    rectangle([0, 0, 4, 2]),
    rectangle([0, 0, 2, 2]),
    undefined,
  ]);
});

interface Case {
  explanation: RelevanceMap;
  mask: PixelImage;
}

/** A map on a small grid and an object that is not empty, in an image of 12 × 8 pixels. */
const cases: fc.Arbitrary<Case> = fc
  .tuple(fc.constantFrom(1, 2, 4, 8), fc.constantFrom(1, 3, 4, 12))
  .chain(([rows, columns]) =>
    fc.record({
      explanation: fc
        .array(fc.integer({ min: 0, max: 20 }), { minLength: rows * columns, maxLength: rows * columns })
        .map((map) => grid(rows, columns, map)),
      mask: fc
        .array(fc.boolean(), { minLength: 96, maxLength: 96 })
        .filter((inside) => inside.includes(true))
        .map((inside) => maskOf(12, 8, inside.map(Number))),
    }),
  );
const scaled = ({ map, ...size }: RelevanceMap, by: number): RelevanceMap => ({
  ...size,
  map: map.map((value) => value * by),
});
const share = ({ data }: PixelImage) => data.filter((value) => value > 127).length / data.length;
const scores = [
  massInside,
  pointingGame,
  (explanation: RelevanceMap, mask: PixelImage) => bestIou(explanation, mask).iou,
];

test("scores lie in 0 … 1 and don't depend on the map's scale", () => {
  return fc.assert(
    fc.property(cases, ({ explanation, mask }) => {
      for (const score of scores) {
        const value = score(explanation, mask);
        assert.ok(value >= 0 && value <= 1 + 1e-6, `${value}`);
        near(score(scaled(explanation, 0.25), mask), value);
        near(score(scaled(explanation, 1024), mask), value);
      }
    }),
    runs,
  );
});

test("the uniform map gets the object's share of the image, and a map of zeros the same", () => {
  return fc.assert(
    fc.property(cases, ({ explanation: { rows, columns }, mask }) => {
      for (const map of [uniformMap(rows, columns), scaled(uniformMap(rows, columns), 0)]) {
        near(massInside(map, mask), share(mask));
        near(bestIou(map, mask).iou, share(mask));
        near(partPointScore(map, [{ x: 3, y: 5 }], 12, 8).mean, 0.5);
      }
      // On the pixels' own grid every cell is a pixel, and the share of cells that hit is the share of pixels.
      near(pointingGame(uniformMap(8, 12), mask), share(mask));
    }),
    runs,
  );
});

test("a map that is the mask itself gets the best score, and no other map does better", () => {
  return fc.assert(
    fc.property(cases, ({ explanation, mask }) => {
      const perfect = grid(8, 12, Array.from(mask.data));
      for (const score of scores) near(score(perfect, mask), 1);
      const { rows, columns } = explanation;
      assert.ok(massInside(explanation, mask) <= massCeiling(mask, rows, columns) + 1e-6);
    }),
    runs,
  );
});

test("a perfect map finds its box at every IoU, the uniform map only one as large as the image", () => {
  const boxes = [rectangle([2, 1, 5, 4])];
  const perfect = grid(8, 12, Array.from(boxMask(boxes[0]!, 12, 8).data));
  const found = (explanation: RelevanceMap, truth = boxes) =>
    maxBoxAccuracy([{ explanation, boxes: truth, width: 12, height: 8 }]).map(({ accuracy }) => accuracy);
  assert.deepEqual(found(perfect), [1, 1, 1]);
  assert.deepEqual(found(uniformMap(4, 4)), [0, 0, 0]); // 20/96
  assert.deepEqual(found(uniformMap(3, 3), [rectangle([0, 0, 12, 5])]), [1, 1, 0]); // 60/96
});

test("one threshold serves all images: two that need different ones can't both be found", () => {
  // The object is the plateau of 2 in the one, and everything from 1 on in the other.
  const steps = grid(1, 4, [2, 1, 1, 0]);
  const image = (width: number) => ({
    explanation: { ...steps },
    boxes: [rectangle([0, 0, width, 1])],
    width: 4,
    height: 1,
  });
  const [narrow] = maxBoxAccuracy([image(1)], [0.9]);
  const [wide] = maxBoxAccuracy([image(3)], [0.9]);
  const [both] = maxBoxAccuracy([image(1), image(3)], [0.9]);
  assert.deepEqual([narrow!.accuracy, wide!.accuracy, both!.accuracy], [1, 1, 0.5]);
  near(narrow!.threshold, 0.501);
  near(wide!.threshold, 0.001);
});

test("the centre prior sums to one, is highest in the middle, and is as wide as it says", () => {
  const { map } = centrePrior(101, 101, 0.1);
  near(
    map.reduce((sum, value) => sum + value, 0),
    1,
    1e-5,
  );
  assert.equal(map.indexOf(Math.max(...map)), 50 * 101 + 50);
  // One standard deviation, 10.1 cells, from the middle: between the tenth and the eleventh cell.
  const ratio = (cells: number) => map[50 * 101 + 50 + cells]! / map[50 * 101 + 50]!;
  assert.ok(ratio(10) > Math.exp(-0.5) && ratio(11) < Math.exp(-0.5));
});

test("what can't be scored is refused in a sentence", () => {
  const mask = maskOf(2, 2, [1, 0, 0, 0]);
  const map = uniformMap(2, 2);
  const boxed = { explanation: map, boxes: [rectangle([0, 0, 1, 1])], width: 2, height: 2 };
  const refused: [() => unknown, RegExp][] = [
    [() => massInside(grid(2, 2, [1, 2, 3]), mask), /3 values for a grid of 2 × 2 = 4/],
    [() => massInside(grid(1, 2, [1, Number.NaN]), mask), /Value 1 of the map is NaN/],
    [() => bestIou(grid(1, 2, [1, -1]), mask), /Value 1 of the map is -1/],
    [() => pointingGame(grid(1, 2, [Number.POSITIVE_INFINITY, 0]), mask), /Value 0 of the map is Infinity/],
    [() => pointingGame(map, maskOf(2, 2, [0, 0, 0, 0])), /mask is empty/],
    [() => massInside(map, { ...mask, channels: 4 }), /has 4 channels/],
    [() => pointingGame(map, mask, { tolerance: -1 }), /tolerance .* not -1/],
    [() => maxBoxAccuracy([]), /no images/],
    [() => maxBoxAccuracy([{ ...boxed, boxes: [] }]), /Image 0 has no box/],
    [
      () => maxBoxAccuracy([boxed, { ...boxed, boxes: [rectangle([0, 0, 0, 1])] }]),
      /Image 1 .* without area/,
    ],
    [() => boxMask(rectangle([5, 0, 1, 1]), 2, 2), /covers nothing/],
    [() => partPointScore(map, [], 2, 2), /no part points/],
    [() => partPointScore(map, [{ x: 2, y: 0 }], 2, 2), /\(2, 0\) lies beyond/],
    [() => centrePrior(2, 2, 0), /width 0/],
    [() => uniformMap(0, 2), /rows of a control .* not 0/],
  ];
  for (const [call, message] of refused) {
    assert.throws(
      call,
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});

import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import type { FreeGrid } from "../backbones/grid";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { evaluate } from "./evaluate";
import type { LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import { coarserMask } from "./padding";

before(() => startTensorFlow());

/** Places on a grid, row-major. */
const placesOf = (grid: readonly number[]): number[][] =>
  grid.reduce<number[][]>(
    (places, size) => places.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])),
    [[]],
  );

test("on a coarser grid of any rank a position counts where any of those does of which it was made", async () => {
  const axis = fc.record({
    size: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 3 }),
  });
  const property = fc.property(
    fc.array(axis, { minLength: 1, maxLength: 3 }),
    fc.infiniteStream(fc.boolean()),
    (axes, bits) => {
      const [grid, strides] = [axes.map(({ size }) => size), axes.map(({ stride }) => stride)];
      const places = placesOf(grid);
      const kept = places.map(() => Number(bits.next().value));
      const expected = placesOf(axes.map(({ size, stride }) => Math.ceil(size / stride))).map((place) =>
        Number(
          places.some(
            (finer, i) => kept[i] && finer.every((at, k) => Math.floor(at / strides[k]!) === place[k]),
          ),
        ),
      );
      const actual = tf.tidy(() => coarserMask(tf.tensor2d([kept]), grid, strides).dataSync());
      assert.deepEqual([...actual], expected);
    },
  );
  void fc.assert(property, { numRuns: 60 });
});

test("volumes of which a part is masked are pooled over the rest", async () => {
  const stream = randomStream(0, "volumes");
  const [count, channels, grid] = [4, 3, [2, 3, 2]];
  const data = Float32Array.from({ length: count * 12 * channels }, () => stream.normal());
  const mask = Uint8Array.from({ length: count * 12 }, (_, i) => Number(i % 12 === 0 || i % 5 < 2));
  const masked = (value: number) => data.map((own, i) => (mask[Math.floor(i / channels)] ? own : value));
  const set = (value: number): LabelledTokens<FreeGrid> => ({
    tokens: { data: masked(value), count, channels, grid, mask },
    labels: Int32Array.of(0, 1, 0, 1),
  });
  const model = new TransferModel({ pooling: "mean", channels, classes: 2, stream });
  tf.tidy(() =>
    model
      .variablesOf("classifier")
      .get("kernel")!
      .assign(tf.ones([channels, 2])),
  );
  const result = await evaluate(model, set(Number.NaN));
  assert.deepEqual(await evaluate(model, set(7)), result);
  for (let item = 0; item < count; item++) {
    const own = mask.subarray(item * 12, (item + 1) * 12);
    const positions = own.reduce((sum, kept) => sum + kept, 0);
    const expected = Float32Array.from(own, (kept) => kept / positions);
    const weights = result.weights.subarray(item * 12, (item + 1) * 12);
    assert.ok(weights.every((weight, i) => Math.abs(weight - expected[i]!) < 1e-6));
  }
  model.dispose();
});

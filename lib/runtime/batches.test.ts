import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { computeInBatches, inBatches, indexBatches, loadAhead } from "./batches";
import { assertNoTensorLeak } from "./tensor-scope";

test("groups hold every item once, in order, and only the last may be smaller", () => {
  void fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 9 }), (items, size) => {
      const batches = [...inBatches(items, size)];
      assert.deepEqual(batches.flat(), items);
      for (const [i, { length }] of batches.entries())
        assert.ok(i < batches.length - 1 ? length === size : length >= 1 && length <= size);
      assert.deepEqual([...indexBatches(items.length, size)], [...inBatches(items.keys(), size)]);
    }),
  );
});

test("while a group is at work the next is being loaded, and no further one", async () => {
  const started: number[] = [];
  const load = async (item: number) => {
    started.push(item);
    return -item;
  };
  const seen: number[][] = [];
  for await (const loaded of loadAhead(indexBatches(5, 2), load)) {
    seen.push([...loaded, started.length]);
  }
  assert.deepEqual(seen, [
    [-0, -1, 4],
    [-2, -3, 5],
    [-4, 5],
  ]);
});

test("the numbers of every batch come in order, and no tensor stays, also when nobody takes the rest", async () => {
  const x = tf.tensor1d([1, 2, 3, 4, 5]);
  const compute = (indices: number[]) => {
    const chosen = tf.gather(x, indices);
    return { chosen, sum: chosen.sum(), place: chosen.argMax() };
  };
  await assertNoTensorLeak(async () => {
    const seen = [];
    for await (const { batch, values } of computeInBatches(indexBatches(5, 2), compute))
      seen.push([batch, [...values.chosen], values.sum[0], values.place[0]]);
    assert.deepEqual(seen, [
      [[0, 1], [1, 2], 3, 1],
      [[2, 3], [3, 4], 7, 1],
      [[4], [5], 5, 0],
    ]);
    for await (const { values } of computeInBatches(indexBatches(5, 2), compute)) {
      assert.equal(values.sum[0], 3);
      break;
    }
  });
  x.dispose();
});

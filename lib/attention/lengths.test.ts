import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { assertRefused } from "./assert-refused.fixture";
import { assertNear } from "./goldens/golden.fixture";
import { lengthsToMask } from "./lengths";
import { MeanPooling } from "./pooling/mean-pooling";

before(() => startTensorFlow());

test("the first positions count, as many as the length says", () => {
  const sequences = fc
    .integer({ min: 1, max: 9 })
    .chain((positions) =>
      fc.tuple(fc.constant(positions), fc.array(fc.integer({ min: 0, max: positions }), { maxLength: 5 })),
    );
  return fc.assert(
    fc.property(sequences, ([positions, lengths]) =>
      tf.tidy(() => {
        const mask = lengthsToMask(lengths, positions);
        assert.deepEqual([mask.shape, mask.dtype], [[lengths.length, positions], "float32"]);
        const expected = lengths.flatMap((length) =>
          Array.from({ length: positions }, (_, i) => Number(i < length)),
        );
        assert.deepEqual([...mask.dataSync()], expected);
      }),
    ),
  );
});

test("a pooled sequence that was filled up is the sequence alone", async () => {
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const short = tf.randomNormal<tf.Rank.R3>([1, 3, 2], 0, 1, "float32", 1);
      const filled = short.concat(tf.fill([1, 4, 2], Number.NaN), 1);
      const [context] = new MeanPooling().apply(filled, { mask: lengthsToMask([3], 7) });
      assertNear(context, new MeanPooling().apply(short)[0], "context");
    }),
  );
});

test("a length that is no whole number of the positions is refused, naming the sequence", () => {
  const of1 = /length of sequence 1, counted from 0, must be a whole number in 0 … 4, not/;
  for (const wrong of [5, -1, 1.5, Number.NaN, "2"]) {
    assertRefused(() => lengthsToMask([4, wrong as number], 4), of1);
  }
  for (const positions of [0, 2.5, Number.NaN]) {
    assertRefused(() => lengthsToMask([1], positions), /positions must be a whole number, at least 1/);
  }
  for (const lengths of [undefined, 3, "123", tf.tensor1d([1])]) {
    assertRefused(() => lengthsToMask(lengths as unknown as number[], 4), /takes the lengths as a list/);
  }
});

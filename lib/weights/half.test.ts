import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../runtime/user-error";
import { encodeHalf } from "./half";
import { decodeNumbers } from "./number-types";

const decode = (halves: Uint16Array) =>
  decodeNumbers("float16", new Uint8Array(halves.buffer)) as Float32Array;
const finite = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits).filter(
  (bits) => (bits & 0x7c00) !== 0x7c00,
);

test("every finite number of half precision comes back as it is", () => {
  assert.deepEqual(encodeHalf(decode(finite)), finite);
});

test("any other number becomes the nearest one, and of two that are equally near the even one", () => {
  const positive = decode(finite.filter((bits) => bits < 0x8000));
  fc.assert(
    fc.property(fc.float({ min: 0, max: 65504, noNaN: true }), (value) => {
      const given = encodeHalf(Float32Array.of(value))[0]!;
      const apart = (bits: number) =>
        bits < positive.length && bits >= 0 ? Math.abs(positive[bits]! - value) : Number.POSITIVE_INFINITY;
      for (const other of [given - 1, given + 1]) {
        assert.ok(apart(given) <= apart(other), `${value}`);
        if (apart(given) === apart(other)) assert.equal(given % 2, 0, `${value}`);
      }
      assert.equal(encodeHalf(Float32Array.of(-value))[0]! & 0x7fff, given);
    }),
    { numRuns: 5000 },
  );
});

test("a number that half precision has not is refused", () => {
  assert.throws(
    () => encodeHalf(Float32Array.of(1, 65505)),
    (error) => error instanceof UserError && /Number 1.*ends at 65504/.test(error.message),
  );
});

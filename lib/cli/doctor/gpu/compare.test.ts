import assert from "node:assert/strict";
import { test } from "node:test";
import { compareChecks, difference } from "./compare";

test("a difference is relative to the largest expected number, and what can't be compared is none", () => {
  assert.deepEqual(difference([1, -4, 2], [1, -4, 2]), { largest: 0, root: 0 });
  assert.equal(difference([1, -4, 2.5], [1, -4, 2]).largest, 0.125);
  assert.equal(difference([3, 0], [0, 4]).root, 5 / 4);
  assert.deepEqual(difference([0], [0]), { largest: 0, root: 0 });
  assert.equal(difference([1], [0]).largest, Number.POSITIVE_INFINITY);
  for (const [values, expected] of [
    [[1], [1, 2]],
    [
      [Number.NaN, 1],
      [1, 1],
    ],
    [
      [1, 1],
      [Number.NaN, 1],
    ],
  ] as const)
    assert.ok(Number.isNaN(difference(values, expected).largest));
});

test("what differs, fails or is missing on the card does not agree", () => {
  const reference = ["same", "other", "broken", "missing"].map((name) => ({
    name,
    kind: "operation",
    values: { value: [1, 2], "gradient 1": [3] },
  }));
  const checks = [
    { name: "same", kind: "operation", values: { value: [1, 2.0001], "gradient 1": [3] } },
    { name: "other", kind: "operation", values: { value: [1, 2], "gradient 1": [3.1] } },
    { name: "broken", kind: "operation", failure: "no program" },
  ];
  const found = compareChecks(checks, reference);
  assert.deepEqual(
    found.map(({ agrees }) => agrees),
    [true, false, false, false],
  );
  assert.deepEqual(
    found.map(({ failure }) => failure),
    [undefined, undefined, "no program", "it did not run"],
  );
  const notANumber = [
    { name: "same", kind: "operation", values: { value: [Number.NaN, 2], "gradient 1": [3] } },
  ];
  assert.equal(compareChecks(notANumber, reference)[0]!.agrees, false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { describeDuration, describeProgress } from "./progress";

test("durations are said as people say them", () => {
  assert.deepEqual([400, 9_960, 59_600, 185_000, 3_720_000].map(describeDuration), [
    "0.4 s",
    "10 s",
    "1 min 00 s",
    "3 min 05 s",
    "1 h 02 min",
  ]);
});

test("the time left follows from what was done in this sitting, not from what was found on disk", () => {
  assert.equal(describeProgress("runs", 30, 40, 10_000, 20), "runs 30/40 · 10 s · about 10 s left");
  assert.equal(describeProgress("runs", 20, 40, 0, 20), "runs 20/40");
  assert.equal(describeProgress("runs", 40, 40, 61_000), "runs 40/40 · 1 min 01 s");
});

test("a share of the work is said in percent", () => {
  assert.equal(
    describeProgress("table", 0.255, 1, 30_000, 0.155),
    "table 25 % · 30 s · about 3 min 44 s left",
  );
});

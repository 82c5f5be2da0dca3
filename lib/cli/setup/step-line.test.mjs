import assert from "node:assert/strict";
import { test } from "node:test";
import { duration, share } from "./step-line.mjs";

test("a duration is told in the unit that fits", () => {
  assert.equal(duration(440), "0.4 s");
  assert.equal(duration(9_960), "10 s");
  assert.equal(duration(59_600), "1 min 0 s");
  assert.equal(duration(185_000), "3 min 5 s");
});

test("the time left follows from the speed so far, once there is one", () => {
  assert.equal(share(137, 274, "MB", 12_000), "137 of 274 MB, about 12 s left");
  assert.equal(share(137, 274, "MB", 1_000), "137 of 274 MB");
  assert.equal(share(2, 274, "MB", 12_000), "2 of 274 MB");
  assert.equal(share(274, 274, "MB", 12_000), "274 of 274 MB");
});

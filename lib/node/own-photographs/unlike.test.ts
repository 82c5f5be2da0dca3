import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../../runtime/random";
import { nearestDistances, unlikeRule } from "./unlike";

test("the distance is that of the nearest reference: 0 for itself, 1 at right angles, 2 for its opposite", () => {
  const references = Float32Array.from([1, 0, 0, 1]);
  const features = Float32Array.from([1, 0, Math.SQRT1_2, Math.SQRT1_2, -1, 0]);
  const [self, between, opposite] = nearestDistances(features, references, 2);
  assert.ok(Math.abs(self!) < 1e-6 && Math.abs(between! - (1 - Math.SQRT1_2)) < 1e-6);
  assert.equal(opposite, 1);
  assert.equal(nearestDistances(Float32Array.from([-1, 0]), Float32Array.from([1, 0]), 2)[0], 2);
});

test("of new photographs like the validation ones the rule refuses as many as it says", () => {
  const stream = randomStream(1, "unlike test");
  for (const count of [10, 60]) {
    let [refused, said] = [0, 0];
    const rounds = 4000;
    for (let round = 0; round < rounds; round++) {
      const rule = unlikeRule(Float64Array.from({ length: count }, () => stream.uniform()));
      refused += Number(stream.uniform() > rule.threshold);
      said += rule.falseAlarms;
    }
    assert.ok(Math.abs(refused - said) / rounds < 0.012, `${count}: ${refused} ${said}`);
    assert.ok(Math.abs(said / rounds - (count === 10 ? 1 / 11 : 3 / 61)) < 1e-9);
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { expectedCalibrationError, fitTemperature, probabilitiesOf } from "./calibration";

/** Items whose labels are drawn from the softmax of their logits, which are then multiplied. */
function overconfident(count: number, classes: number, factor: number) {
  const stream = randomStream(1, "calibration test");
  const logits = Float64Array.from({ length: count * classes }, () => 1.5 * stream.normal());
  const probabilities = probabilitiesOf(logits, classes);
  const labels = Int32Array.from({ length: count }, (_, i) => {
    const drawn = stream.uniform();
    let label = 0;
    for (let sum = probabilities[i * classes]!; label < classes - 1 && sum < drawn; label++)
      sum += probabilities[i * classes + label + 1]!;
    return label;
  });
  return { logits: logits.map((logit) => logit * factor), labels, classes };
}

test("the temperature that was drawn is found again, and takes the calibration error away", () => {
  const scores = overconfident(6000, 4, 3);
  const temperature = fitTemperature(scores);
  assert.ok(Math.abs(temperature - 3) < 0.2, `${temperature}`);
  const before = expectedCalibrationError(probabilitiesOf(scores.logits, 4), scores);
  const after = expectedCalibrationError(probabilitiesOf(scores.logits, 4, temperature), scores);
  assert.ok(before > 0.15 && after < 0.03, `${before} → ${after}`);
});

test("a few items that are all right make no model certain", () => {
  const labels = [0, 1, 0, 1, 0];
  const logits = labels.flatMap((label) => [label === 0 ? 9 : -9, label === 1 ? 9 : -9]);
  const temperature = fitTemperature({ logits, labels, classes: 2 });
  const [first] = probabilitiesOf(logits, 2, temperature);
  // Platt's target of five right items, (5 + 1) / (5 + 2).
  assert.ok(Math.abs(first! - 6 / 7) < 1e-3, `${first}`);
});

test("the calibration error of hand-made bins is what the definition says", () => {
  const probabilities = [0.9, 0.1, 0.8, 0.2, 0.4, 0.6, 0.35, 0.65];
  // Bins: 0.9 right; 0.8 wrong; 0.6 and 0.65 of class 1, one of them right.
  const error = expectedCalibrationError(probabilities, { labels: [0, 1, 1, 0], classes: 2 });
  assert.ok(Math.abs(error - (0.1 + 0.8 + 0.25) / 4) < 1e-12, `${error}`);
});

test("what can't be calibrated is refused in a sentence", () => {
  const refused = (action: () => unknown, words: RegExp) =>
    assert.throws(action, (error) => error instanceof UserError && words.test(error.message));
  refused(() => fitTemperature({ logits: [], labels: [], classes: 2 }), /0 scores for 0 items/);
  refused(() => fitTemperature({ logits: [1, 2], labels: [2], classes: 2 }), /label of item 0/);
  refused(() => probabilitiesOf([1, 2], 2, 0), /temperature/);
});

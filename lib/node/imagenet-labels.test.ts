import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../runtime/user-error";
import { imagenetLabels, topLabels } from "./imagenet-labels";

test("a thousand labels in the order of ImageNet's classes", () => {
  const labels = imagenetLabels();
  assert.equal(labels.length, 1000);
  // Fixed points of the ILSVRC-2012 order: first, last, and the two classes that share WordNet's word "crane".
  assert.equal(labels[0], "tench");
  assert.equal(labels[134], "crane bird");
  assert.equal(labels[517], "construction crane");
  assert.equal(labels[999], "toilet paper");
});

test("the most probable classes come first, with their softmax probability", () => {
  const logits = new Float32Array(1000).fill(-100);
  logits[7] = Math.log(3);
  logits[8] = 0;
  const [first, second, ...rest] = topLabels(logits, 2);
  assert.equal(first?.label, "rooster");
  assert.equal(second?.label, "hen");
  assert.equal(rest.length, 0);
  assert.ok(Math.abs((first?.probability ?? 0) - 0.75) < 1e-6);
  assert.ok(Math.abs((second?.probability ?? 0) - 0.25) < 1e-6);
});

test("a batch of logits is refused, because softmax runs over one image", () => {
  assert.throws(() => topLabels(new Float32Array(2000)), UserError);
});

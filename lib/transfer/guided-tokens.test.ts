import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { evaluate } from "./evaluate";
import { guidedBy, guidedElsewhere, guidedUniformly } from "./guided-tokens";
import type { LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";

before(() => startTensorFlow());

/** A model with weights as after a training: none of them is zero. */
function trainedModel(pooling: "mean" | "attention"): TransferModel {
  const stream = randomStream(0, "test");
  const model = new TransferModel({ pooling, channels: 3, classes: 4, attentionUnits: 5, stream });
  for (const [i, variable] of model.headVariables.entries())
    tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 1, "float32", i + 1)));
  return model;
}

const sorted = (values: number[]) => [...values].sort((a, b) => a - b);

const data = Float32Array.from({ length: 3 * 4 * 3 }, (_, i) => Math.sin(i * 1.7) * 2);
const set: LabelledTokens = {
  tokens: { data, count: 3, rows: 2, columns: 2, channels: 3 },
  labels: Int32Array.of(0, 1, 2),
};

/** A model that takes its weights from outside and classifies as another one does. */
function guidedModel(like: TransferModel): TransferModel {
  const stream = randomStream(1, "test");
  const model = new TransferModel({ pooling: "given", channels: 3, classes: 4, stream });
  for (const [name, variable] of model.variablesOf("classifier"))
    variable.assign(like.variablesOf("classifier").get(name)!);
  return model;
}

test("guided by a model's own weights its classifier decides as it does, guided uniformly as mean pooling", async () => {
  const [attention, mean] = [trainedModel("attention"), trainedModel("mean")];
  const whole = await evaluate(attention, set);
  const [likeAttention, likeMean] = [guidedModel(attention), guidedModel(mean)];
  const guided = await evaluate(likeAttention, guidedBy(set, whole.weights));
  assert.ok(Math.abs(guided.loss - whole.loss) < 1e-5, `${guided.loss} is not ${whole.loss}`);
  const uniform = await evaluate(likeMean, guidedUniformly(set));
  assert.ok(Math.abs(uniform.loss - (await evaluate(mean, set)).loss) < 1e-5);
  for (const model of [attention, mean, likeAttention, likeMean]) model.dispose();
});

test("guided elsewhere every image keeps its own weights, on other positions", () => {
  const weights = Float32Array.of(0.1, 0.2, 0.3, 0.4, /* */ 0.7, 0.1, 0.15, 0.05, /* */ 0.2, 0.5, 0.05, 0.25);
  const before = weights.slice();
  const moved = guidedElsewhere(set, weights, 1).givenWeights!;
  assert.deepEqual(weights, before, "the weights that were given stay");
  assert.notDeepEqual(moved, weights);
  for (const start of [0, 4, 8]) {
    const [own, others] = [weights, moved].map((all) => sorted([...all.subarray(start, start + 4)]));
    assert.deepEqual(own, others);
  }
  assert.deepEqual(guidedElsewhere(set, weights, 1).givenWeights, moved);
});

test("weights that don't fit a set are refused in a sentence", () => {
  const wrongs: [Float32Array, RegExp][] = [
    [new Float32Array(11), /takes 12 weights/],
    [new Float32Array(12).fill(-1), /item 0, counted from 0, hold -1/],
    [new Float32Array(12).fill(Number.NaN), /item 0, counted from 0, hold NaN/],
    [new Float32Array(12), /item 0, counted from 0, are all zero/],
  ];
  for (const [wrong, message] of wrongs) {
    for (const guide of [
      guidedBy,
      (tokens: LabelledTokens, w: Float32Array) => guidedElsewhere(tokens, w, 0),
    ]) {
      assert.throws(
        () => guide(set, wrong),
        (error) => error instanceof UserError && message.test(error.message),
      );
    }
  }
});

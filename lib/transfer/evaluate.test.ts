import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { evaluate } from "./evaluate";
import type { LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import type { PoolingName } from "./pooling-choice";

before(() => startTensorFlow());

/** A model on two channels and two classes whose logits are the context itself. */
function identityModel(pooling: PoolingName): TransferModel {
  const model = new TransferModel({
    pooling,
    channels: 2,
    classes: 2,
    attentionUnits: 4,
    stream: randomStream(0, "test"),
  });
  tf.tidy(() => model.variablesOf("classifier").get("kernel")!.assign(tf.eye(2)));
  return model;
}

// Three images of 1 × 2 positions and two channels. Their means are (1, 0), (0, 2) and (1, 3).
const data = Float32Array.of(2, 0, 0, 0, /* */ 0, 4, 0, 0, /* */ 1, 1, 1, 5);
const set: LabelledTokens = {
  tokens: { data, count: 3, rows: 1, columns: 2, channels: 2 },
  labels: Int32Array.of(0, 0, 1),
};

test("accuracy and loss agree with a calculation by hand", async () => {
  const model = identityModel("mean");
  const { accuracy, loss, predictions, weights } = await assertNoTensorLeak(() => evaluate(model, set));
  // −log softmax is log(1 + e^(other − own)): other − own is −1 for the first image, 2 for both others and right once.
  const expected = (Math.log(1 + Math.exp(-1)) + Math.log(1 + Math.exp(2)) + Math.log(1 + Math.exp(-2))) / 3;
  assert.deepEqual([...predictions], [0, 1, 1]);
  assert.equal(accuracy, 2 / 3);
  assert.ok(Math.abs(loss - expected) < 1e-6, `${loss} is not ${expected}`);
  assert.deepEqual([...weights], [0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  model.dispose();
});

test("more images than fit in a batch are all counted, in their order", async () => {
  const model = identityModel("mean");
  const count = 131;
  const repeated = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) repeated.set(data.subarray((i % 3) * 4, (i % 3) * 4 + 4), i * 4);
  const many = await evaluate(model, {
    tokens: { ...set.tokens, data: repeated, count },
    labels: Int32Array.from({ length: count }, (_, i) => set.labels[i % 3]!),
  });
  assert.deepEqual(
    [...many.predictions],
    Array.from({ length: count }, (_, i) => [0, 1, 1][i % 3]),
  );
  assert.equal(many.accuracy, (44 + 43) / 131);
  assert.equal(many.weights.length, count * 2);
  model.dispose();
});

test("given weights on one position make its token the context", async () => {
  const model = identityModel("given");
  const grids = tf.tensor4d(data, [3, 1, 2, 2]);
  const chosen = tf.tensor2d([1, 0, 0, 1, 0, 1], [3, 2]);
  const { context, logits, weights } = model.predict(grids, { givenWeights: chosen });
  assert.deepEqual([...(await context.data())], [2, 0, 0, 0, 1, 5]);
  assert.deepEqual([...(await weights.data())], [...(await chosen.data())]);
  const { predictions } = await evaluate(model, { ...set, givenWeights: Float32Array.of(1, 0, 0, 1, 0, 1) });
  // The second image's chosen token is (0, 0): neither class is ahead, and the first counts.
  assert.deepEqual([...predictions], [0, 0, 1]);
  tf.dispose([grids, chosen, context, logits, weights]);
  model.dispose();
});

test("a new attention model weighs all positions alike, as the mean does", async () => {
  const [attention, mean] = [identityModel("attention"), identityModel("mean")];
  const [first, second] = [await evaluate(attention, set), await evaluate(mean, set)];
  assert.deepEqual(first.weights, second.weights);
  assert.ok(Math.abs(first.loss - second.loss) < 1e-6);
  attention.dispose();
  mean.dispose();
});

test("a set that does not fit is refused in a sentence", async () => {
  const [mean, given] = [identityModel("mean"), identityModel("given")];
  const empty = { tokens: { ...set.tokens, data: new Float32Array(0), count: 0 }, labels: new Int32Array(0) };
  const refused: [TransferModel, LabelledTokens, RegExp][] = [
    [mean, empty, /no images/],
    [mean, { ...set, labels: Int32Array.of(0) }, /1 labels for 3 images/],
    [given, set, /takes 6 weights .* got none/],
    [given, { ...set, givenWeights: new Float32Array(5) }, /takes 6 weights .* got 5/],
  ];
  for (const [model, wrong, message] of refused) {
    await assert.rejects(
      evaluate(model, wrong),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
  mean.dispose();
  given.dispose();
});

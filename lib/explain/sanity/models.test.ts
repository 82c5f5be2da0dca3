import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { compile } from "../../graph/compile";
import { startTensorFlow } from "../../node/start-tensorflow";
import { randomStream } from "../../runtime/random";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { UserError } from "../../runtime/user-error";
import { type ModelPart, TransferModel } from "../../transfer/model";
import { randomisationCascade, withRandomised } from "./randomise-model";

before(() => startTensorFlow());

/** A model with weights as after a training: none of them is zero. With a stage that scales every channel. */
function trainedModel(pooling: "mean" | "attention", staged = false): TransferModel {
  const scale = tf.variable(tf.tensor1d([0.5, 1, 2]));
  const stage = {
    variables: [scale],
    variableNames: ["scale"],
    run: (x: tf.Tensor4D) => x.mul<tf.Tensor4D>(scale),
    dispose: () => scale.dispose(),
  };
  if (!staged) scale.dispose();
  const stream = randomStream(0, "test");
  const model = new TransferModel({
    pooling,
    channels: 3,
    classes: 4,
    attentionUnits: 5,
    stream,
    ...(staged ? { stage } : {}),
  });
  for (const [i, variable] of model.headVariables.entries())
    tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 1, "float32", i + 1)));
  return model;
}

const valuesOf = (model: TransferModel) =>
  [...model.headVariables, ...model.stageVariables].map((variable) => [...variable.dataSync()]);
const sorted = (values: number[]) => [...values].sort((a, b) => a - b);

test("a cascade randomises from the classifier back to the stage, each part in full and no other", async () => {
  const model = trainedModel("attention", true);
  const original = valuesOf(model);
  const partOf = (i: number): ModelPart => (i < 4 ? "pooling" : i < 6 ? "classifier" : "stage");
  const cascade = randomisationCascade(model);
  assert.deepEqual(cascade, [["classifier"], ["classifier", "pooling"], ["classifier", "pooling", "stage"]]);
  const seen: number[][][] = [];
  for (const parts of cascade) {
    const during = await assertNoTensorLeak(() => withRandomised(model, parts, 3, () => valuesOf(model)));
    for (const [i, values] of during.entries()) {
      assert.deepEqual(sorted(values), sorted(original[i]!), "the same numbers");
      if (!parts.includes(partOf(i))) assert.deepEqual(values, original[i]);
    }
    assert.ok(
      during.some((values, i) => partOf(i) === parts.at(-1) && String(values) !== String(original[i])),
    );
    assert.deepEqual(valuesOf(model), original, "put back to the bit");
    seen.push(during);
  }
  // The classifier stays at the same places through the cascade.
  assert.deepEqual(seen[0]!.slice(4, 6), seen[2]!.slice(4, 6));
  model.dispose();
});

test("equal seeds randomise equally, and a failure puts the model back too", async () => {
  const model = trainedModel("mean");
  const original = valuesOf(model);
  const draw = (seed: number) => withRandomised(model, ["classifier"], seed, () => valuesOf(model));
  assert.deepEqual(await draw(1), await draw(1));
  assert.notDeepEqual(await draw(1), await draw(2));
  const failure = new Error("work that fails");
  await assertNoTensorLeak(() =>
    assert.rejects(
      withRandomised(model, ["classifier"], 1, () => {
        throw failure;
      }),
      failure,
    ),
  );
  assert.deepEqual(valuesOf(model), original);
  assert.deepEqual(randomisationCascade(model), [["classifier"]]);
  await assert.rejects(
    withRandomised(model, ["stage"], 1, () => 0),
    (error) => error instanceof UserError && /trains no stage/.test(error.message),
  );
  model.dispose();
});

test("a compiled step sees the randomised weights, and afterwards the old ones", async () => {
  const model = trainedModel("attention");
  const step = compile(({ grids }) => model.predict(grids).logits, { inputs: { grids: [null, 2, 2, 3] } });
  const grids = tf.randomNormal<tf.Rank.R4>([2, 2, 2, 3], 0, 1, "float32", 5);
  const [eager, compiled] = [
    () => tf.tidy(() => [...model.predict(grids).logits.dataSync()]),
    () => tf.tidy(() => [...(step({ grids }) as tf.Tensor).dataSync()]),
  ];
  const close = (a: number[], b: number[]) => a.every((value, i) => Math.abs(value - b[i]!) < 1e-5);
  // Three calls, so that the graph is compiled before anything changes.
  const start = [compiled(), compiled(), compiled()][2]!;
  const [during, duringEagerly] = await withRandomised(model, ["classifier", "pooling"], 1, () => [
    compiled(),
    eager(),
  ]);
  assert.ok(close(during!, duringEagerly!) && !close(during!, start));
  assert.ok(close(compiled(), start));
  tf.dispose(grids);
  step.dispose();
  model.dispose();
});

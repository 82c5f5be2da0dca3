import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { Adam } from "./adam";
import { compile } from "./compile";
import { nativeBackend } from "./native-backend";
import { read } from "./read.fixture";
import { StepRandom } from "./step-random";

before(async () => {
  await startTensorFlow();
});

test("a tensor of the closure that is disposed and put in anew is found at once", async () => {
  await assertNoTensorLeak(() => {
    let scale = tf.scalar(2);
    for (const inputs of [{ x: [2] }, { x: [null] }]) {
      const step = compile(({ x }) => (x as tf.Tensor).mul(scale), { inputs });
      const x = tf.tensor1d([1, 2]);
      for (const [i, value] of [2, 2, 2, 2, 3, 3, 3, 3, 4, 5].entries()) {
        scale.dispose();
        scale = tf.scalar(value);
        if (i % 2) read(step({ x }));
        assert.deepEqual(read(step({ x })), [value, 2 * value]);
      }
      step.dispose();
      x.dispose();
    }
    scale.dispose();
  });
});

test("a check names the outputs and variables that differ, and the operation, and leaves the variables as they were", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  let [rate, bias] = [0.1, 1];
  const weight = tf.tidy(() => tf.variable(tf.scalar(1), true, "weight"));
  const step = compile(
    ({ x }) => {
      weight.assign(weight.mul(rate));
      return { scaled: x.mul(2), shifted: x.add(bias) };
    },
    { inputs: { x: [2] }, check: 3 },
  );
  const x = tf.tensor1d([1, 2]);
  const call = () => tf.dispose(step({ x }) as unknown as tf.TensorContainer);
  for (let i = 0; i < 8; i++) call();
  [rate, bias] = [0.2, 5];
  const known = weight.dataSync()[0];
  const refused = (): UserError | undefined => {
    try {
      call();
      return undefined;
    } catch (error) {
      assert.ok(error instanceof UserError);
      return error;
    }
  };
  let error: UserError | undefined;
  let before = known;
  for (let i = 0; i < 3 && !error; i++) {
    before = weight.dataSync()[0];
    error = refused();
  }
  assert.match(error!.message, /differ in: the output shifted, the variable weight\./);
  assert.match(error!.message, /input 2 of the operation Mul differs/);
  assert.equal(weight.dataSync()[0], before);
  // The step is recorded anew, with what the closure holds now.
  assert.deepEqual(read(step({ x }).shifted), [6, 7]);
  step.dispose();
  tf.dispose([weight, x]);
});

test("a check of a step that is as it was leaves no trace in variables, optimisers and random streams", () => {
  const run = (options: { check?: number }, compiled = true) => {
    const weight = tf.tidy(() => tf.variable(tf.tensor1d([0.5, -1.5, 2])));
    const adam = new Adam([weight]);
    const random = new StepRandom(7);
    const body = ({ x }: { x: tf.Tensor }) =>
      adam.minimize(() => random.dropout(weight.mul(x), 0.3).square().sum() as tf.Scalar, 0.1);
    const step = compile(body, { inputs: { x: [3] }, ...options });
    const x = tf.tensor1d([1, 2, 3]);
    const values = Array.from({ length: 12 }, () => {
      const [loss] = read(compiled ? step({ x }) : body({ x }));
      return [loss!, ...weight.dataSync()];
    }).flat();
    step.dispose();
    for (const each of [adam, random]) each.dispose();
    tf.dispose([weight, x]);
    return values;
  };
  const expected = run({}, false);
  for (const check of [1, 2, 5])
    for (const [i, value] of run({ check }).entries())
      assert.ok(
        Math.abs(value - expected[i]!) <= 1e-5 * Math.max(1, Math.abs(expected[i]!)),
        `check ${check}, value ${i}: ${value} and ${expected[i]}`,
      );
});

test("a number of the closure that has changed is found where a new batch size makes the step run", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  let scale = 2;
  const step = compile(({ x }) => x.mul(scale), { inputs: { x: [null] } });
  const call = (size: number) => tf.tidy(() => [...step({ x: tf.ones([size]) }).dataSync()]);
  for (const size of [4, 4, 4]) call(size);
  scale = 3;
  assert.throws(() => call(5), /did not do the same in two runs: input 2 of the operation Mul differs/);
  for (const size of [4, 4, 5]) assert.ok(call(size).every((value) => value === 3));
  step.dispose();
});

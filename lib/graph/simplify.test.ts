import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { type NativeBackend, nativeBackend } from "./native-backend";
import { record } from "./record";
import type { NamedTensors } from "./step";

let backend: NativeBackend | undefined;

before(async () => {
  await startTensorFlow();
  backend = nativeBackend();
});

/** The kinds of operations that a step on these shapes is recorded as. */
function kinds(step: (inputs: NamedTensors) => tf.Tensor, shapes: Record<string, number[]>): string[] {
  return tf.tidy(() => {
    const inputs = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, tf.ones(shape)]));
    const { recording } = record(backend!, step, inputs);
    return recording.operations.map(({ kind }) => kind);
  });
}

test("a product of matrices is recorded as MatMul, one of batches of matrices is not", (context) => {
  if (!backend) return context.skip("the native backend is not here");
  const product = ({ a, b }: NamedTensors) => tf.matMul(a!, b!, false, true);
  assert.deepEqual(kinds(product, { a: [2, 3], b: [4, 3] }), ["MatMul"]);
  assert.deepEqual(kinds(product, { a: [5, 2, 3], b: [5, 4, 3] }), ["BatchMatMulV2"]);
});

test("a sum with a vector along the last axis is recorded as BiasAdd, other sums are not", (context) => {
  if (!backend) return context.skip("the native backend is not here");
  const sum = ({ a, b }: NamedTensors) => tf.add(a!, b!);
  assert.deepEqual(kinds(sum, { a: [2, 3], b: [3] }), ["BiasAdd"]);
  assert.deepEqual(kinds(sum, { a: [2, 4, 4, 3], b: [3] }), ["BiasAdd"]);
  assert.deepEqual(kinds(sum, { a: [2, 3], b: [2, 3] }), ["Add"]);
  assert.deepEqual(kinds(sum, { a: [2, 3], b: [1] }), ["Add"]);
  assert.deepEqual(kinds(sum, { a: [3], b: [3] }), ["Add"]);
  const whole = ({ a, b }: NamedTensors) => tf.add(a!.toInt(), b!.toInt());
  assert.deepEqual(kinds(whole, { a: [2, 3], b: [3] }), ["Cast", "Cast", "Add"]);
});

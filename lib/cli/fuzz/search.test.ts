import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import type { compile } from "../../graph/compile";
import { nativeBackend } from "../../graph/native-backend";
import { startTensorFlow } from "../../node/start-tensorflow";
import { CleanRoom } from "./clean-room";
import { worldText } from "./program";
import { scriptOf } from "./script";
import { checkNumber, type Finding, randomProgram, shrink } from "./search";
import { eagerly } from "./world";

let room: CleanRoom;

before(async () => {
  await startTensorFlow();
  room = new CleanRoom();
});

const texts = (count: number) =>
  Array.from({ length: count }, (_, number) => worldText(randomProgram(1, number)));

test("a number of a seed names one program", () => {
  assert.deepEqual(texts(5), texts(5));
  assert.equal(new Set(texts(50)).size, 50);
});

test("programs do all that steps are there for", () => {
  const all = texts(400).join("\n");
  const expected = [
    // Operations.
    "tf.matMul",
    "tf.conv2d",
    "tf.maxPool",
    "batchNormTraining",
    "tf.topk",
    "tf.gather",
    "tf.oneHot",
    "tf.where",
    "softmaxCrossEntropy",
    "tf.pad",
    "tf.transpose",
    "tf.concat",
    "tf.softmax",
    "tf.cumsum",
    "tf.argMax",
    // Sizes as numbers.
    "n * n",
    "Math.floor(n / 2)",
    "Math.min(3, n)",
    "n > 2 ?",
    "m * m",
    "tf.unstack",
    // Variables, random numbers, the closure.
    ".assign(numbers(",
    ".assign(start0)",
    ".assign(w",
    "new Adam",
    "momentum: 0.9",
    "tf.train.adam",
    ".dropout(",
    ".dispose()",
    ".sync()",
    "factor = ",
    "table = ",
    "total(step0({ x0",
    ".dataSync()",
    // Gradients from outside, of compiled passes and without.
    "gradients(() => total(step",
    "tf.grad((z) => total(step",
    "tf.grad((y) => tf.sum(tf.sin(tf.grad(",
    "tf.grad((z) => tf.sum(tf.grad(",
    // What compile is told.
    "[null, null, ",
    "[2, null]",
    "check: 1",
    "check: 3",
    "keep: 1",
    'dtype: "bool"',
    "numbers([0, ",
    "numbers([1, ",
  ];
  assert.deepEqual(
    expected.filter((part) => !all.includes(part)),
    [],
  );
});

test("eager code against itself never differs, throws seldom, and leaves no tensor behind", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const before = tf.memory().numTensors;
  const verdicts = Array.from({ length: 60 }, (_, number) => checkNumber(2, number, room, eagerly));
  assert.deepEqual(
    verdicts.filter(({ kind }) => kind !== "same"),
    [],
  );
  const threw = verdicts.filter((verdict) => verdict.kind === "same" && verdict.threw).length;
  assert.ok(threw < 15, `${threw} of 60 programs throw`);
  if (threw === 0) assert.equal(tf.memory().numTensors, before);
});

/** A compiler whose steps are right at first and give another number from their fourth call on. */
const forgetful = ((step: (inputs: unknown) => unknown, options: unknown) => {
  const right = eagerly(step as never, options as never) as unknown as (given: unknown) => unknown;
  let calls = 0;
  const call = (given: unknown) => {
    const output = right(given);
    return ++calls > 3 && output instanceof tf.Tensor ? tf.mul(output, 1.001) : output;
  };
  return Object.assign(call, { sync: () => {}, dispose: () => {}, graphs: 0 });
}) as unknown as typeof compile;

function firstFinding(compiler: typeof compile): Finding | undefined {
  for (let number = 0; number < 100; number++)
    if (checkNumber(3, number, room, compiler).kind === "different")
      return shrink(3, number, room, 20, compiler);
  return undefined;
}

test("a compiler that goes wrong later on is found out, the program made small and printed as code that runs", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const finding = firstFinding(forgetful);
  assert.ok(finding);
  assert.equal(finding.program.steps.length, 1);
  assert.ok(finding.program.actions.length <= 8, worldText(finding.program));
  const script = scriptOf(finding, 3);
  const printed: string[] = [];
  // The script's last statement waits for TensorFlow, which runs here already.
  const text = script.replace("startTensorFlow().then(", "(").replace(/\);\n$/, ")();\n");
  const given = (name: string) => (name === "@tensorflow/tfjs" ? tf : { compile: eagerly });
  new Function("require", "console", text)(given, { log: (line: string) => printed.push(line) });
  const results = printed.filter((line) => line.startsWith("action"));
  assert.equal(results.length, finding.program.actions.length * 2);
  assert.ok(
    results.every((line) => !line.includes("throws")),
    results.join("\n"),
  );
  assert.equal(results[0]?.replace("compiled", ""), results[1]?.replace("eager   ", ""));
});

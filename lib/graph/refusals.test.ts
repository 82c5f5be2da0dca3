import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";
import { Adam } from "./adam";
import { compile } from "./compile";
import { nativeBackend } from "./native-backend";
import { softmaxCrossEntropy } from "./softmax-cross-entropy";

before(async () => {
  await startTensorFlow();
});

/** Calls a step of one input twice and returns what it is refused with. */
function refusal(step: (x: tf.Tensor1D) => tf.Tensor): string {
  const compiled = compile(({ x }) => step(x), { inputs: { x: [3] } });
  const x = tf.tensor1d([1, 2, 3]);
  try {
    for (let call = 0; call < 2; call++) compiled({ x }).dispose();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.message;
  } finally {
    compiled.dispose();
    x.dispose();
  }
  return "";
}

const here = /refusals\.test\.(js|ts):\d+\)\.$/;

test("reading values inside of a step is refused, with the operation and the line", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const read = refusal((x) => (x.sum().dataSync()[0]! > 3 ? x.mul(2) : x));
  assert.match(read, /reads values of a tensor that depends on the inputs/);
  assert.match(read, here);
  assert.match(
    refusal((x) => x.mul(x.max().arraySync() as number)),
    here,
  );
  // An asynchronous read would never be awaited: it is refused as well.
  assert.match(
    refusal((x) => {
      void x.data();
      return x.square();
    }),
    /reads values/,
  );
  // What tfjs reads on behalf of the step counts too, but not tf.gather's own check of its indices.
  assert.match(
    refusal((x) => {
      x.toString();
      return x;
    }),
    here,
  );
  assert.equal(
    refusal((x) => tf.gather(x, x.sub(1).toInt())),
    "",
  );
});

test("values that are the same at every run may be read", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const table = tf.tensor1d([4, 5]);
  const step = compile(({ x }) => x.mul(table.dataSync()[1]!), { inputs: { x: [3] } });
  const values = tf.tidy(() => [1, 2, 3].map(() => [...step({ x: tf.tensor1d([1, 2, 3]) }).dataSync()]));
  step.dispose();
  table.dispose();
  assert.deepEqual(values, [
    [5, 10, 15],
    [5, 10, 15],
    [5, 10, 15],
  ]);
});

test("randomness of JavaScript is refused by name, with what to use instead", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const drawn: [string, (x: tf.Tensor1D) => tf.Tensor][] = [
    ["Math.random", (x) => x.mul(Math.random())],
    ["`tf.randomUniform`", (x) => x.mul(tf.randomUniform([3], 0, 1, "float32", 7))],
    ["`tf.randomNormal`", (x) => x.mul(tf.randomNormal([3]))],
    ["`tf.truncatedNormal`", (x) => x.mul(tf.truncatedNormal([3]))],
    ["`tf.dropout`", (x) => tf.dropout(x, 0.5)],
  ];
  for (const [name, step] of drawn) {
    const message = refusal(step);
    assert.ok(message.startsWith(`${name} draws random numbers`), message);
    assert.match(message, /StepRandom/);
    assert.match(message, here);
  }
});

test("a number that changes between steps is found out, with the operation and the line", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  let rate = 0.1;
  const message = refusal((x) => {
    rate *= 0.9;
    return x.mul(rate);
  });
  assert.match(message, /did not do the same in two runs: input 2 of the operation Mul differs/);
  assert.match(message, here);
});

test("operations that differ between steps are found out", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  let calls = 0;
  assert.match(
    refusal((x) => (calls++ === 0 ? x.sin() : x.cos())),
    /the kind or an attribute of the operation Cos differs/,
  );
  calls = 0;
  assert.match(
    refusal((x) => (calls++ === 0 ? x.sin().square() : x.sin())),
    /the presence of the operation Square differs/,
  );
  calls = 0;
  assert.match(
    refusal((x) => (calls++ === 0 ? x.sin() : x.sin().square())),
    /the presence of the operation Square differs/,
  );
});

test("results that differ between steps are found out", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  let calls = 0;
  assert.match(
    refusal((x) => {
      const [sine, cosine] = [x.sin(), x.cos()];
      return calls++ === 0 ? sine : cosine;
    }),
    /returned other results/,
  );
  assert.match(
    refusal(() => tf.scalar(calls++)),
    /returned other results/,
  );
  const [a, b] = tf.tidy(() => [tf.variable(tf.zeros([3])), tf.variable(tf.zeros([3]))]);
  const change = (x: tf.Tensor) => {
    (calls++ % 2 === 0 ? a : b).assign(x.mul(2));
    return x.mul(3);
  };
  assert.match(refusal(change), /changed other variables/);
  tf.dispose([a, b]);
});

test("a step that waits, or makes a variable at every call, is refused", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const waiting = (async (x: tf.Tensor) => x.square()) as unknown as (x: tf.Tensor) => tf.Tensor;
  assert.match(refusal(waiting), /asynchronous/);
  const made: tf.Variable[] = [];
  const message = refusal((x) => {
    made.push(tf.variable(x.square()));
    return x.square();
  });
  tf.dispose(made);
  assert.match(message, /creates the variable .* at every call/);
});

test("after a refusal everything outside of the step works as before", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  refusal((x) => x.mul(Math.random()));
  assert.ok(Math.random() >= 0);
  const values = tf.tidy(() => tf.randomUniform([2]).dataSync());
  assert.equal(values.length, 2);
});

test("inputs that don't fit their declaration are refused by name", () => {
  const step = compile(({ x, rate }) => x.mul(rate), { inputs: { x: [null, 3], rate: [] } });
  const wrong = tf.zeros([2, 4]);
  const x = tf.zeros([2, 3]);
  const whole = tf.zeros([2, 3], "int32");
  assert.throws(
    () => step({ x: wrong, rate: 1 }),
    /input x is declared as float32 \[any, 3\] and was given float32 \[2, 4\]/,
  );
  assert.throws(() => step({ x: whole, rate: 1 }), /was given int32/);
  assert.throws(() => step({ rate: 1 } as unknown as { x: tf.Tensor; rate: number }), /input x is missing/);
  const more = { x, rate: 1, other: x };
  assert.throws(() => step(more), /no input named other/);
  const call = step as unknown as (given?: unknown) => tf.Tensor;
  assert.throws(() => call(), named(/takes its inputs as an object/));
  assert.throws(() => call({ x, rate: 1, toString: x }), named(/no input named toString/));
  for (const rate of [null, "1", [1], true])
    assert.throws(() => call({ x, rate }), named(/input rate must be a tensor, or a number/));
  tf.dispose([wrong, x, whole]);
  assert.throws(() => step({ x, rate: 1 }), named(/input x was disposed/));
});

test("a number that a whole or a yes can't hold is refused, not cut", () => {
  const step = compile(({ n, yes }) => [n, yes], {
    inputs: { n: { shape: [], dtype: "int32" }, yes: { shape: [], dtype: "bool" } },
  });
  for (const n of [2.7, Number.NaN, 2 ** 31])
    assert.throws(() => step({ n, yes: 1 }), named(/input n is declared as int32 and was given/));
  assert.throws(() => step({ n: 1, yes: 2 }), named(/input yes is declared as bool and was given 2/));
  assert.deepEqual(
    tf.tidy(() => step({ n: -3, yes: 1 }).map((each) => each.dataSync()[0])),
    [-3, 1],
  );
});

test("declarations that are no shapes are refused when the step is compiled", () => {
  for (const x of [
    "a",
    null,
    [-1, 2],
    [undefined, 2],
    [1.5],
    { dtype: "int32" },
    { shape: [2], dtype: "float64" },
  ]) {
    const inputs = { x } as unknown as Record<string, number[]>;
    assert.throws(
      () => compile((given) => given.x as tf.Tensor, { inputs }),
      named(/input x .* is declared by the sizes/),
    );
  }
  const inputs = undefined as unknown as Record<string, number[]>;
  assert.throws(() => compile(() => tf.scalar(1), { inputs }), named(/takes the inputs of the step by name/));
});

test("a step that returns nothing, a number or a promise is refused, with graphs and without", () => {
  const x = tf.zeros([2]);
  for (const recorded of [true, false])
    for (const wrong of [undefined, null, 3, "text", { a: [x] }, [undefined]]) {
      const step = compile(() => wrong as unknown as tf.Tensor, { inputs: { x: [2] } });
      // Under a tape a step runs eagerly, as it does on backends without graphs.
      const call = () => (recorded ? step({ x }) : tf.grad((given) => step({ x: given }))(x));
      assert.throws(call, named(/returns a tensor, an array of tensors, or an object of tensors/));
    }
  const later = (async () => x) as unknown as () => tf.Tensor;
  const waiting = compile(later, { inputs: { x: [2] } });
  assert.throws(() => tf.grad((given) => waiting({ x: given }))(x), named(/asynchronous/));
  x.dispose();
});

test("labels that no class has, and logits of another batch, are refused with graphs and without", () => {
  const logits = tf.zeros<tf.Rank.R2>([2, 3]);
  const [right, wrong] = [
    [0, 2],
    [0, 5],
  ].map((values) => tf.tensor1d(values, "int32"));
  assert.throws(() => softmaxCrossEntropy(logits, wrong!), named(/Among the labels is 5\. With 3 classes/));
  const step = compile(({ x, y }) => softmaxCrossEntropy(x, y), {
    inputs: { x: [null, 3], y: { shape: [null], dtype: "int32" } },
  });
  for (let i = 0; i < 4; i++) step({ x: logits, y: right! }).dispose();
  assert.throws(() => step({ x: logits, y: wrong! }), named(/label|labels/));
  step({ x: logits, y: right! }).dispose();
  const [shares, short] = [tf.tensor1d([0, 1]), tf.tensor1d([0], "int32")];
  for (const labels of [shares, short, undefined as unknown as tf.Tensor1D])
    assert.throws(() => softmaxCrossEntropy(logits, labels), named(/^Cross-entropy takes logits float32/));
  step.dispose();
  tf.dispose([logits, right!, wrong!, shares, short]);
});

test("an optimiser without variables, or with one twice or of another kind, is refused", () => {
  const [w, whole, x] = [tf.variable(tf.scalar(1)), tf.variable(tf.scalar(1, "int32")), tf.scalar(1)];
  for (const variables of [undefined, []])
    assert.throws(
      () => new Adam(variables as unknown as tf.Variable[]),
      named(/takes the variables that it updates/),
    );
  for (const other of [whole, x as tf.Variable])
    assert.throws(() => new Adam([w, other]), named(/Item 1 .* is no float32 tf.Variable/));
  assert.throws(() => new Adam([w, w]), named(/is given the variable .* twice/));
  tf.dispose([w, whole, x]);
});

function named(pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof UserError && pattern.test(error.message);
}

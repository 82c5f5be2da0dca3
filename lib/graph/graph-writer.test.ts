import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { GraphWriter } from "./graph-writer";
import { nativeBackend } from "./native-backend";
import { bytesField, floatField, integerField, varint } from "./protobuf";
import { GraphSession } from "./session";

const float = { type: "float32" } as const;

before(async () => {
  await startTensorFlow();
});

/** Loads a graph, runs it once, and frees it. */
function run(graph: GraphWriter, feeds: Record<string, tf.Tensor>, fetches: string[]): tf.Tensor[] {
  const session = new GraphSession(nativeBackend()!, graph);
  try {
    return session.run(new Map(Object.entries(feeds)), fetches);
  } finally {
    session.dispose();
  }
}

test("fields are encoded as the protocol's own examples say", () => {
  // https://protobuf.dev/programming-guides/encoding: 150 in field 1, "testing" in field 2.
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  assert.equal(hex(integerField(1, 150)), "089601");
  assert.equal(hex(bytesField(2, "testing")), "120774657374696e67");
  assert.equal(hex(varint(-1)), "ffffffffffffffffff01");
  assert.equal(hex(floatField(4, 1)), "250000803f");
});

test("constants of every type and rank come out as they went in", async (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const graph = new GraphWriter();
  const names = [
    graph.constant(Float32Array.of(1.5, -2, Number.NaN, Number.POSITIVE_INFINITY), [2, 2]),
    graph.constant(Int32Array.of(-(2 ** 31), 2 ** 31 - 1), [2]),
    graph.constant(Uint8Array.of(1), []),
    graph.constant(new Float32Array(0), [0, 3]),
  ];
  const outputs = run(graph, {}, names);
  assert.deepEqual(
    outputs.map(({ shape, dtype }) => [dtype, ...shape]),
    [["float32", 2, 2], ["int32", 2], ["bool"], ["float32", 0, 3]],
  );
  const values = outputs.map((output) => [...output.dataSync()]);
  tf.dispose(outputs);
  assert.deepEqual(values, [
    [1.5, -2, Number.NaN, Number.POSITIVE_INFINITY],
    [-(2 ** 31), 2 ** 31 - 1],
    [1],
    [],
  ]);
});

test("every kind of attribute is understood: types, texts, numbers, lists, truth values and shapes", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  const graph = new GraphWriter();
  const x = graph.placeholder("x", "float32", [1, 4, 4, 1]);
  const kernel = graph.constant(new Float32Array(4).fill(1), [2, 2, 1, 1]);
  const integers = (values: number[]) => ({ integers: values });
  const convolution = graph.operation("Conv2D", [x, kernel], {
    T: float,
    strides: integers([1, 2, 2, 1]),
    padding: { text: "VALID" },
    data_format: { text: "NHWC" },
    dilations: integers([1, 1, 1, 1]),
  });
  const leaky = graph.operation("LeakyRelu", [convolution], { T: float, alpha: { float: 0.5 } });
  const axes = graph.constant(Int32Array.of(1), [1]);
  const sum = graph.operation("Sum", [leaky, axes], {
    T: float,
    Tidx: { type: "int32" },
    keep_dims: { boolean: true },
  });
  const squeezed = graph.operation(
    "Squeeze",
    [sum],
    { T: float, squeeze_dims: integers([1, 3]) },
    "squeezed",
  );
  const gathered = graph.operation("GatherV2", [squeezed, axes, graph.constant(Int32Array.of(1), [])], {
    Tparams: float,
    Tindices: { type: "int32" },
    Taxis: { type: "int32" },
    batch_dims: { integer: 0 },
  });
  const input = tf.range(-8, 8).reshape([1, 4, 4, 1]);
  const outputs = run(graph, { x: input }, [squeezed, gathered]);
  const [row, column] = outputs.map((output) => [...output.dataSync()]);
  tf.dispose([input, ...outputs]);
  // The windows sum to -22, -14, 10 and 18; the leaky unit halves the negative ones.
  assert.deepEqual(row, [-11 + 10, -7 + 18]);
  assert.deepEqual(column, [-7 + 18]);
});

test("a placeholder with a free size takes several sizes, and a variable lives in the session", (context) => {
  const backend = nativeBackend();
  if (!backend) return context.skip("the native backend is not here");
  const graph = new GraphWriter();
  const x = graph.placeholder("x", "float32", [null, 2]);
  const handle = graph.operation("VarHandleOp", [], {
    dtype: float,
    shape: { shape: [2] },
    shared_name: { text: "total" },
  });
  const assign = graph.operation("AssignVariableOp", [handle, graph.constant(Float32Array.of(1, 2), [2])], {
    dtype: float,
  });
  graph.operation("Identity", [x, `^${assign}`], { T: float }, "start");
  const value = graph.operation("ReadVariableOp", [handle], { dtype: float });
  graph.operation("AddV2", [x, value], { T: float }, "sum");
  const session = new GraphSession(backend, graph);
  const results = [1, 3].map((batch) => {
    const input = tf.ones([batch, 2]);
    const [start] = session.run(new Map([["x", input]]), ["start"]);
    const [sum] = session.run(new Map([["x", input]]), ["sum"]);
    const values = [...sum!.dataSync()];
    tf.dispose([input, start!, sum!]);
    return values;
  });
  session.dispose();
  assert.deepEqual(results, [
    [2, 3],
    [2, 3, 2, 3, 2, 3],
  ]);
  assert.throws(() => session.run(new Map(), [value]), /disposed/);
});

test("a name is used once, and a graph that TensorFlow refuses leaves no folder behind", (context) => {
  const backend = nativeBackend();
  if (!backend) return context.skip("the native backend is not here");
  const graph = new GraphWriter();
  graph.placeholder("x", "float32", []);
  assert.throws(() => graph.placeholder("x", "float32", []), /already has an operation named x/);
  const folders = () =>
    fs.readdirSync(os.tmpdir()).filter((name) => name.startsWith(`attention-graph-${process.pid}-`));
  new GraphSession(backend, graph).dispose();
  graph.operation("NoSuchOperation", ["x"]);
  assert.throws(() => new GraphSession(backend, graph), /NoSuchOperation/);
  assert.deepEqual(folders(), []);
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { startTensorFlow } from "../start-tensorflow";
import { startedWebGpu } from "./webgpu.fixture";

test("the adapter is named as it describes itself, and one that computes on the processor is called software", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const { backend, device, software, summary } = await startTensorFlow();
  assert.equal(backend, "webgpu");
  assert.ok(summary.includes(device));
  assert.equal(software, /llvmpipe|swiftshader/i.test(device));
  assert.equal(/software/.test(summary), software);
});

test("what is read at once is what is read later, of every type, while other events wait", async (context) => {
  if (!(await startedWebGpu(context))) return;
  let late = false;
  setImmediate(() => {
    late = true;
  });
  const x = tf.range(0, 5000).reshape([50, 100]);
  const tensors = [x.add(0.5), x.toInt().mul(tf.scalar(2, "int32")), x.greater(99), tf.complex(x, x.neg())];
  for (const tensor of tensors) {
    const copy = tensor.clone();
    const now = tensor.dataSync();
    assert.ok(!late, "a synchronous read lets no other code run");
    const later = copy.data();
    assert.equal(now.length, tensor.dtype === "complex64" ? 10_000 : 5000);
    assert.deepEqual([...(await later)], [...now]);
    late = false;
    tf.dispose([tensor, copy]);
  }
  x.dispose();
});

test("more tensors are added than the eight that TensorFlow.js asks buffers for", async (context) => {
  if (!(await startedWebGpu(context))) return;
  tf.tidy(() => {
    const twelve = Array.from({ length: 12 }, (_, i) => tf.fill([40, 40], i));
    assert.deepEqual([...new Set(tf.addN(twelve).dataSync())], [66]);
  });
});

test("gradients of convolutions with respect to their filters are those of the definition", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const [x, dy, dyOfEach] = [
    [2, 7, 6, 3],
    [2, 4, 3, 5],
    [2, 4, 3, 6],
  ].map((shape, i) =>
    tf.randomNormal<tf.Rank.R4>(shape as [number, number, number, number], 0, 1, "float32", i + 1),
  );
  const [xs, dys, dysOfEach] = [x!, dy!, dyOfEach!].map((each) => each.arraySync());
  // The padding of "same" at stride 2 on 7 × 6: one row above and below, one column on the right.
  const pixel = (b: number, row: number, column: number, channel: number) =>
    xs![b]![row]?.[column]?.[channel] ?? 0;
  const sumOver = (term: (b: number, row: number, column: number) => number) => {
    let sum = 0;
    for (let b = 0; b < 2; b++)
      for (let row = 0; row < 4; row++)
        for (let column = 0; column < 3; column++) sum += term(b, row, column);
    return sum;
  };
  tf.tidy(() => {
    const full = tf
      .grad((w) =>
        tf
          .conv2d(x!, w as tf.Tensor4D, 2, "same")
          .mul(dy!)
          .sum(),
      )(tf.ones([3, 3, 3, 5]))
      .arraySync() as number[][][][];
    const each = tf
      .grad((w) =>
        tf
          .depthwiseConv2d(x!, w as tf.Tensor4D, 2, "same")
          .mul(dyOfEach!)
          .sum(),
      )(tf.ones([3, 3, 3, 2]))
      .arraySync() as number[][][][];
    for (const [wR, wC, d, out] of [
      [0, 0, 0, 0],
      [1, 2, 1, 1],
      [2, 1, 2, 0],
      [2, 2, 0, 1],
    ] as const) {
      const seen = (b: number, row: number, column: number) => pixel(b, wR + 2 * row - 1, wC + 2 * column, d);
      const expected = sumOver((b, row, column) => seen(b, row, column) * dys![b]![row]![column]![out]!);
      assert.ok(Math.abs(full[wR]![wC]![d]![out]! - expected) < 1e-4);
      const ofEach = sumOver(
        (b, row, column) => seen(b, row, column) * dysOfEach![b]![row]![column]![2 * d + out]!,
      );
      assert.ok(Math.abs(each[wR]![wC]![d]![out]! - ofEach) < 1e-4);
    }
  });
  tf.dispose([x!, dy!, dyOfEach!]);
});

test("booleans that became numbers can be summed over any axis", async (context) => {
  if (!(await startedWebGpu(context))) return;
  await assertNoTensorLeak(() => {
    const sums = tf.tidy(() => {
      const x = tf.range(0, 4000).reshape([40, 100]).add(0.5);
      return x.greaterEqual(2000).toFloat().sum(0);
    });
    assert.deepEqual([...new Set(sums.dataSync())], [20]);
    sums.dispose();
  });
});

test("a program that the device refuses throws at the next read", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const { device } = tf.backend() as unknown as {
    device: { createShaderModule(options: { code: string }): object };
  };
  device.createShaderModule({ code: "no program" });
  const x = tf.ones([64, 64]);
  assert.throws(() => x.add(1).dataSync(), /The graphics card refused a program/);
  assert.equal(x.add(1).dataSync()[0], 2);
  x.dispose();
});

test("a tensor larger than the adapter computes with is refused in a sentence", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const { limits } = (tf.backend() as unknown as { device: { limits: Record<string, number> } }).device;
  const count = limits.maxStorageBufferBindingSize! / 4 + 1024;
  if (count > 2 ** 28) return context.skip("the adapter takes tensors that are too large to make here");
  tf.tidy(() =>
    assert.throws(() => tf.zeros([count]).add(1), /UserError: A tensor \[.*Take smaller batches/),
  );
});

test("buffers of many sizes are given back, and what is in use stays right", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const kept = tf.fill([256], 3);
  const allocated = () =>
    (tf.memory() as unknown as { numBytesAllocatedInGPU: number }).numBytesAllocatedInGPU;
  for (let i = 0; i < 60; i++)
    tf.tidy(() =>
      tf
        .fill([2_000_000 + 1000 * i], i)
        .slice([0], [1])
        .dataSync(),
    );
  assert.ok(allocated() < 2 ** 28 + 1.5 * 40e6, `${allocated()} bytes`);
  assert.equal(kept.sum().dataSync()[0], 768);
  kept.dispose();
});

/** Runs a program on the backend in a process of its own. */
function runAlone(program: string) {
  const library = path.join(__dirname, "..");
  const script = `const tf = require("@tensorflow/tfjs");
    require(${JSON.stringify(path.join(library, "start-tensorflow"))}).startTensorFlow("webgpu").then(async () => { ${program} })
    .catch((error) => { console.log(error.name + ": " + error.message); process.exitCode = 3; });`;
  const env = { ...process.env, NODE_PATH: path.resolve(library, "..", "..", "..", "node_modules") };
  return spawnSync(process.execPath, ["-e", script], { cwd: __dirname, encoding: "utf8", env });
}

test("a process ends cleanly while the card still computes", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const { status, signal, stdout } = runAlone(`
    const x = tf.ones([1000, 1000]);
    for (let i = 0; i < 20; i++) x.tanh();
    void x.tanh().data();
    console.log("ended");`);
  assert.deepEqual({ status, signal, stdout }, { status: 0, signal: null, stdout: "ended\n" });
});

for (const read of ["x.add(1).dataSync()", "await x.add(1).data()"])
  test(`a device that is lost is told in a sentence, by ${read}`, async (context) => {
    if (!(await startedWebGpu(context))) return;
    const { status, stdout } = runAlone(`
    const x = tf.ones([64, 64]);
    console.log(x.add(1).dataSync()[0]);
    tf.backend().device.destroy();
    ${read};`);
    assert.equal(status, 3);
    assert.match(stdout, /^2\nUserError: The graphics card was lost .*What was finished is kept/);
  });

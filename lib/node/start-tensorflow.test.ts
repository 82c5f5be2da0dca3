import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { assertNoTensorLeak, withTensorScope } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { type RuntimeReport, startTensorFlow } from "./start-tensorflow";

let report: RuntimeReport;
before(async () => {
  report = await startTensorFlow();
});

test("the report names what really computes", async () => {
  assert.equal(report.backend === "native" ? "tensorflow" : report.backend, tf.getBackend());
  assert.match(report.summary, /thread/);
  assert.equal(await startTensorFlow(), report);
});

test("a second backend in the same process is refused with the remedy", async () => {
  const other = report.backend === "cpu" ? "wasm" : "cpu";
  await assert.rejects(
    startTensorFlow(other),
    (error) => error instanceof UserError && /new process/.test(error.message),
  );
});

test("the environment names the backend, and a wrong name lists the right ones", () => {
  const script = `require("./start-tensorflow").startTensorFlow().then(({ backend }) => console.log(backend), ({ message }) => console.log(message))`;
  const start = (ATTENTION_BACKEND: string) =>
    spawnSync(process.execPath, ["-e", script], {
      cwd: __dirname,
      encoding: "utf8",
      env: { ...process.env, ATTENTION_BACKEND },
    }).stdout;
  assert.match(start("cpu"), /^cpu$/m);
  assert.match(
    start("cuda"),
    /ATTENTION_BACKEND names no backend: "cuda". There are native, wasm, cpu, webgpu/,
  );
});

test("an asynchronous scope keeps what it returns and disposes the rest, also after an error", async () => {
  const before = tf.memory().numTensors;
  const kept = await withTensorScope(async () => {
    const two = tf.scalar(1).add(1);
    await two.data();
    return { two };
  });
  assert.equal(tf.memory().numTensors, before + 1);
  assert.equal((await kept.two.data())[0], 2);
  kept.two.dispose();
  await assert.rejects(
    withTensorScope(async () => {
      tf.scalar(3);
      throw new Error("half-way");
    }),
    /half-way/,
  );
  assert.equal(tf.memory().numTensors, before);
});

test("the leak check counts what stays and lets returned tensors live", async () => {
  const result = await assertNoTensorLeak(() => tf.scalar(1));
  result.dispose();
  const left: tf.Tensor[] = [];
  await assert.rejects(
    assertNoTensorLeak(() => {
      left.push(tf.scalar(1));
    }),
    /1 tensor was left/,
  );
  tf.dispose(left);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { operationTimes } from "./executor-log";

/** Lines as TensorFlow 2.21 writes them, shortened at their ends. */
const line = (seconds: string, event: string, node: number, step: number, name: string) =>
  `I0000 00:00:${seconds}   10475 executor.cc:879] ${event}: ${node} step ${step} {{node ${name.toLowerCase()}_7}} = ${name}[T=DT_FLOAT, _device="/job:localhost/replica:0/task:0/device:CPU:0"]()`;

const log = [
  line("1795341264.000000", "Process node", 4, 1, "_MklMatMul"),
  line("1795341264.500000", "Synchronous kernel done", 4, 1, "_MklMatMul"),
  "something else that was written in between",
  line("1795341265.000000", "Process node", 4, 2, "_MklMatMul"),
  line("1795341265.002000", "Synchronous kernel done", 4, 2, "_MklMatMul"),
  line("1795341265.002000", "Process node", 5, 2, "Tanh"),
  line("1795341265.003000", "Synchronous kernel done", 5, 2, "Tanh"),
  line("1795341266.000000", "Process node", 4, 3, "_MklMatMul"),
  line("1795341266.004000", "Synchronous kernel done", 4, 3, "_MklMatMul"),
  line("1795341266.004000", "Process node", 5, 3, "Tanh"),
  line("1795341266.005000", "Synchronous kernel done", 5, 3, "Tanh"),
].join("\n");

test("operations are counted and timed over the last steps alone, longest first", () => {
  const times = operationTimes(log, 2);
  assert.deepEqual(
    times.map(({ kind, count, milliseconds }) => [kind, count, Number(milliseconds.toFixed(3))]),
    [
      ["_MklMatMul", 1, 3],
      ["Tanh", 1, 1],
    ],
  );
});

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { test } from "node:test";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { headLosses } from "./training.fixture";
import { startedWebGpu } from "./webgpu.fixture";

test("a head is trained with the losses of the processor's backends", async (context) => {
  if (!(await startedWebGpu(context))) return;
  const losses = await assertNoTensorLeak(headLosses);
  assert.ok(losses.at(-1)! < losses[0]!);
  for (const backend of ["native", "wasm"]) {
    const fixture = path.join(__dirname, "training.fixture.js");
    const { stdout, stderr } = spawnSync(process.execPath, [fixture, backend], { encoding: "utf8" });
    const expected = JSON.parse(stdout || "null") as number[] | null;
    assert.ok(expected, stderr);
    assert.equal(losses.length, expected.length);
    for (const [i, loss] of expected.entries())
      assert.ok(Math.abs(losses[i]! - loss) <= 1e-5 * loss, `step ${i}: ${losses[i]}, on ${backend} ${loss}`);
  }
});

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { fitDigests } from "./fit-digest.fixture";

test("equal seeds give equal bits, in one process and in another; other seeds give others", async () => {
  const { backend } = await startTensorFlow();
  // Only the native backend can fine-tune.
  const names = backend === "native" ? (["probe", "lastStage"] as const) : (["probe"] as const);
  const backbone = await loadEfficientNetLite0();
  const firsts: string[] = [];
  for (const name of names) {
    const [first, second, other] = await fitDigests(backbone, name, [1, 1, 2]);
    assert.match(first!, /^[0-9a-f]{64}$/);
    assert.equal(second, first, name);
    assert.notEqual(other, first, name);
    firsts.push(first!);
  }
  backbone.dispose();
  const script = `void require("./fit-digest.fixture").printFitDigests(${JSON.stringify(names)}, 1);`;
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: __dirname });
  assert.deepEqual(JSON.parse(stdout), firsts);
});

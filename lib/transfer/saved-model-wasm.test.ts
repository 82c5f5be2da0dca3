import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { loadTransferModel } from "../node/transfer-model-file";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { evaluate } from "./evaluate";
import { featuresOf, fewScenes } from "./few-scenes.fixture";
import type { FineTuned } from "./fine-tuned.fixture";
import { train } from "./trainer";

test("a model that was fine-tuned on the native backend predicts on wasm, and is not trained there", async (context) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "saved-model-wasm-test-"));
  try {
    const file = path.join(folder, "model.safetensors");
    const script = `void require("./fine-tuned.fixture").saveFineTuned(${JSON.stringify(file)});`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: __dirname });
    const expected = JSON.parse(stdout) as FineTuned;
    if (expected.backend !== "native") return context.skip("fine-tuning needs the native backend");
    await startTensorFlow("wasm");
    const backbone = await loadEfficientNetLite0();
    const model = await loadTransferModel(file, backbone);
    const scenes = await featuresOf(backbone, "stage6", await fewScenes("validation", 8));
    const { loss, predictions } = await evaluate(model, scenes);
    assert.deepEqual([...predictions], expected.predictions);
    assert.ok(Math.abs(loss - expected.loss) < 1e-3, `${loss} is not ${expected.loss}`);
    await assert.rejects(
      train({
        model,
        training: scenes,
        validation: scenes,
        plan: { epochs: 1, batchSize: 4, headLearningRate: 1e-3, stageLearningRate: 1e-3 },
        stream: randomStream(0, "test"),
      }),
      (error) => error instanceof UserError && /can't be trained on the wasm backend/.test(error.message),
    );
    model.dispose();
    backbone.dispose();
    assert.equal(tf.getBackend(), "wasm");
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { readGolden, readPixels, relativeDifference } from "./golden-efficientnet-lite0.fixture";

test("the cpu backend agrees with PyTorch to 1e-4", async () => {
  await startTensorFlow("cpu");
  const backbone = await loadEfficientNetLite0();
  const [photograph] = readGolden().photographs;
  assert.ok(photograph);
  const pixels = await readPixels([photograph]);
  const logits = tf.tidy(() => backbone.run(backbone.preprocess(pixels), "input", "logits"));
  assert.ok(relativeDifference(await logits.data(), photograph.logits) <= 1e-4);
  tf.dispose([pixels, logits]);
  backbone.dispose();
});

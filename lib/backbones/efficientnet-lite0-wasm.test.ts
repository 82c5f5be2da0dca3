import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";
import {
  assertAgrees,
  readGolden,
  readPixels,
  relativeDifference,
} from "./golden-efficientnet-lite0.fixture";

test("the wasm backend agrees with PyTorch to 1e-4 at every cut point, and refuses to train a stage", async () => {
  await startTensorFlow("wasm");
  const backbone = await loadEfficientNetLite0();
  const [photograph] = readGolden().photographs.slice(1);
  assert.ok(photograph);
  const pixels = await readPixels([photograph]);
  const input = backbone.preprocess(pixels);
  for (const { name } of backbone.cutPoints) {
    const y = backbone.run(input, "input", name);
    assertAgrees(await y.data(), photograph.activations[name] as never, 1e-4, name);
    y.dispose();
  }
  const logits = backbone.run(input, "input", "logits");
  assert.ok(relativeDifference(await logits.data(), photograph.logits) <= 1e-4);
  assert.throws(
    () => backbone.trainableStage("stage6", "head"),
    (error) => error instanceof UserError && /wasm backend can't compute the gradient/.test(error.message),
  );
  tf.dispose([pixels, input, logits]);
  backbone.dispose();
});

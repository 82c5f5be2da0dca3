import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { drawn } from "../drawn-weights.fixture";
import { smallTransformer } from "./small-transformer.fixture";

test("on wasm a transformer is trained from its pixels on, by the gradients that plain JavaScript finds", async () => {
  await startTensorFlow("wasm");
  const gradients: number[][][] = [];
  for (const backend of ["wasm", "cpu"]) {
    await tf.setBackend(backend);
    assert.equal(tf.getBackend(), backend);
    const backbone = smallTransformer();
    const stage = backbone.trainableStage("input", "patches");
    const picture = tf.tensor4d(drawn("picture", 2 * 12 * 12 * 3, 2), [2, 12, 12, 3]);
    const direction = tf.tensor4d(drawn("direction", 2 * 9 * 8), [2, 3, 3, 8]);
    const { value, grads } = tf.variableGrads(
      () => stage.run(picture).mul(direction).sum().asScalar(),
      stage.variables,
    );
    gradients.push(stage.variables.map(({ name }) => [...grads[name]!.dataSync()]));
    tf.dispose([value, grads, picture, direction]);
    stage.dispose();
    backbone.dispose();
  }
  const [wasm, plain] = gradients;
  for (const [i, expected] of plain!.entries()) {
    const largest = Math.max(...expected.map(Math.abs));
    const difference = Math.max(...expected.map((number, k) => Math.abs(number - wasm![i]![k]!)));
    assert.ok(difference <= 1e-4 * largest + 1e-6, `variable ${i}: ${difference} of ${largest}`);
  }
});

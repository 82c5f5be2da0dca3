import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { backboneFromWeights, recogniseArchitecture } from "../backbones/recognise";
import type { PixelImage } from "../images/pixel-image";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { sha256 } from "../runtime/sha256";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { parseSafetensors } from "../weights/safetensors";
import { type SourceImages, trainBaseModel } from "./base-model";

const SIDE = 12;
let native = false;

before(async () => {
  native = (await startTensorFlow()).backend === "native";
});

/** Noise with a bright bar somewhere in it: upright in class 0, lying in class 1. */
function bars(count: number, name: string): SourceImages {
  const stream = randomStream(0, `bars/${name}`);
  const labels = Int32Array.from({ length: count }, () => stream.integer(2));
  const images = Array.from(labels, (label): PixelImage => {
    const data = Uint8Array.from({ length: SIDE * SIDE * 3 }, () => stream.integer(120));
    const [along, across] = [stream.integer(SIDE - 6), stream.integer(SIDE)];
    for (let i = along; i < along + 6; i++) {
      const [row, column] = label === 0 ? [i, across] : [across, i];
      data.fill(220, (row * SIDE + column) * 3, (row * SIDE + column) * 3 + 3);
    }
    return { width: SIDE, height: SIDE, channels: 3, data };
  });
  return { images, labels };
}

test("a base model learns from scratch, and its weights are a backbone like any other", async (context) => {
  if (!native) return context.skip("it needs the native backend");
  const options = {
    training: bars(192, "training"),
    validation: bars(64, "validation"),
    classes: 2,
    inputSize: SIDE,
    plan: { epochs: 6, batchSize: 16, headLearningRate: 3e-3, stageLearningRate: 3e-3 },
    seed: 1,
  };
  const { backbone, weights, best } = await assertNoTensorLeak(async () => {
    const trained = await trainBaseModel(options);
    trained.backbone.dispose();
    return trained;
  });
  assert.ok(best.validationAccuracy >= 0.9, `accuracy ${best.validationAccuracy}`);
  const { tensors } = parseSafetensorsAsMap(weights);
  assert.equal(recogniseArchitecture(tensors).name, "small-resnet");
  const again = backboneFromWeights(tensors, sha256(weights), { inputSize: SIDE });
  assert.equal(again.digest, backbone.digest);
  const { images, labels } = options.validation;
  const right = tf.tidy(() => {
    const pixels = tf.tensor4d(Float32Array.from(images.flatMap(({ data }) => [...data])), [
      images.length,
      SIDE,
      SIDE,
      3,
    ]);
    const logits = again.run(again.preprocess(pixels), "input", "logits");
    return logits.argMax(-1).equal(tf.tensor1d(labels, "int32")).toFloat().mean().dataSync()[0]!;
  });
  assert.ok(Math.abs(right - best.validationAccuracy) < 1e-6, `${right} of the loaded backbone`);
  again.dispose();
});

function parseSafetensorsAsMap(bytes: Uint8Array) {
  return { tensors: new Map(Object.entries(parseSafetensors("base model", bytes))) };
}

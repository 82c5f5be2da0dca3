import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { drawn } from "../backbones/drawn-weights.fixture";
import { smallTransformer } from "../backbones/transformers/small-transformer.fixture";
import type { VisionTransformer } from "../backbones/transformers/vision-transformer";
import type { PixelImage } from "../images/pixel-image";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { explain } from "./explain";
import type { Network } from "./network";
import { pretrainedNetwork } from "./pretrained-network";
import { assertClose } from "./small-network.fixture";

let backbone: VisionTransformer;
let network: Network;
const image: PixelImage = {
  width: 12,
  height: 12,
  channels: 3,
  data: Uint8Array.from(drawn("image", 432, 127, 128)),
};
/** All positions: the class token, two registers, nine patches. */
const POSITIONS = 12;

before(async () => {
  await startTensorFlow();
  backbone = smallTransformer({ pixelMean: 128, pixelDeviation: 64 });
  network = pretrainedNetwork(backbone);
});
after(() => {
  network.dispose();
  backbone.dispose();
});

/** Attention of each block averaged over its heads, `[positions][positions]`. */
function meanAttention(): number[][][] {
  return tf.tidy(() => {
    const pixels = tf.tensor4d(Float32Array.from(image.data), [1, 12, 12, 3]);
    const { attention } = backbone.runWithAttention(backbone.preprocess(pixels), "input", "logits");
    return attention.map((weights) => weights.mean(1).squeeze<tf.Tensor2D>([0]).arraySync());
  });
}

test("rollout goes down from the class token through all blocks, and the map is that of the patches", async () => {
  let row: number[] = Array.from({ length: POSITIONS }, (_, i) => Number(i === 0));
  for (const weights of meanAttention().reverse())
    row = row.map(
      (own, to) => (own + row.reduce((sum, value, via) => sum + value * weights[via]![to]!, 0)) / 2,
    );
  const { map, rows, columns } = await explain(network, image, { method: "attention rollout" });
  assert.deepEqual([rows, columns], [3, 3]);
  assertClose(map, row.slice(3), "rollout");
});

test("attention is that of the class token in the last block", async () => {
  const row = meanAttention().at(-1)![0]!.slice(3);
  const { map } = await explain(network, image, { method: "attention" });
  assert.ok(Math.abs(map.reduce((a, b) => a + b) - 1) < 1e-5);
  assert.equal(map.indexOf(Math.max(...map)), row.indexOf(Math.max(...row)));
});

test("methods that follow gradients through attention ask for a target, and leave no tensor behind", async () => {
  for (const method of ["attention × gradient", "LeGrad"] as const) {
    const one = await explain(network, image, { method, target: 0 });
    const other = await assertNoTensorLeak(() => explain(network, image, { method, target: 1 }));
    assert.equal(one.map.length, 9);
    assert.ok(one.map.every((value) => value >= 0 && Number.isFinite(value)));
    assert.ok(one.map.some((value) => value > 0));
    assert.notDeepEqual(one.map, other.map);
  }
});

test("a class activation map of a class token is refused, and methods that look at pixels work", async () => {
  await assert.rejects(
    explain(network, image, { method: "Grad-CAM" }),
    (error) =>
      error instanceof UserError &&
      /class token of this network decides.*attention rollout/.test(error.message),
  );
  const { map } = await explain(network, image, { method: "occlusion", window: 4, stride: 4 });
  assert.ok(map.some((value) => value > 0));
});

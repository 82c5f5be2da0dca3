import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { startTensorFlow } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";
import { explain } from "./explain";
import { comparedRow } from "./methods/finer-cam";
import { makeNetwork, type Network } from "./network";

/*
 * Everything here is worked out by hand. Features are red and green of 2 × 2 pixels; the logits are Σ_i w_i (A_i ⊙ A_i) C with
 * the weights w = 0.5, 0.25, 0.25, 0, so that the gradient at A_ik is 2 w_i A_ik C_kc.
 */
const WEIGHTS = [0.5, 0.25, 0.25, 0];
const image: PixelImage = {
  width: 2,
  height: 2,
  channels: 3,
  data: Uint8Array.of(2, 1, 9, 4, 2, 9, 0, 6, 9, 8, 8, 9),
};
let network: Network;

function weighedNetwork(classifier: number[][]): Network {
  const classes = classifier[0]!.length;
  return makeNetwork({
    inputSize: 2,
    classes,
    rows: 2,
    columns: 2,
    features: (pixels) => pixels.slice([0, 0, 0, 0], [-1, -1, -1, 2]),
    decide: (features) =>
      tf.tidy(() => {
        const batch = features.shape[0];
        const tokens = features.reshape<tf.Tensor3D>([batch, 4, 2]);
        const weights = tf.tile(tf.tensor3d([[WEIGHTS]]), [batch, 1, 1]);
        const context = tf.matMul(weights, tokens.square()).reshape<tf.Tensor2D>([batch, 2]);
        return { context, logits: tf.matMul(context, tf.tensor2d(classifier)) as tf.Tensor2D, weights };
      }),
  });
}

// Class 0 is red less green, class 1 green, class 2 all but red: contexts are 0.5·4 + 0.25·16 = 6 and 0.5·1 + 0.25·(4 + 36) = 10.5.
const CLASSIFIER = [
  [1, 0, 0.2],
  [-1, 1, 0],
];
// So the logits are −4.5, 10.5 and 1.2.

before(async () => {
  await startTensorFlow();
  network = weighedNetwork(CLASSIFIER);
});
after(() => network.dispose());

test("HiResCAM is the gradient times the features, added up, without what is negative", async () => {
  const { map, rows, columns } = await explain(network, image, { method: "HiResCAM", target: 0 });
  assert.deepEqual([rows, columns], [2, 2]);
  // 2 w (red² − green²): 1·(4 − 1), 0.5·(16 − 4), 0.5·(0 − 36), 0.
  assert.deepEqual([...map], [3, 6, 0, 0]);
});

test("LayerCAM leaves negative gradients out before it adds", async () => {
  const { map } = await explain(network, image, { method: "LayerCAM", target: 0 });
  // 2 w red²: the gradient of green is negative.
  assert.deepEqual([...map], [4, 8, 0, 0]);
});

test("Grad-CAM smears over the grid what HiResCAM leaves where it is", async () => {
  const { map } = await explain(network, image, { method: "Grad-CAM", target: 0 });
  // Gradients of red are 2, 2, 0, 0, of green −1, −1, −3, 0: means 1 and −1.25.
  assert.deepEqual([...map], [0.75, 1.5, 0, 0]);
});

test("Finer-CAM takes the nearest class off", async () => {
  const { map } = await explain(network, image, { method: "Finer-CAM", target: 0, strength: 0.5 });
  // Nearest to −4.5 is 1.2 of class 2, of red 0.2: what is explained is 0.9 red − green, of means 0.9 and −1.25.
  [0.9 * 2 - 1.25, 0.9 * 4 - 2.5, 0, 0].forEach((value, i) => {
    assert.ok(Math.abs(map[i]! - value) < 1e-6, `${i}: ${map[i]}, not ${value}`);
  });
  const plain = await explain(network, image, { method: "Finer-CAM", target: 0, strength: 0 });
  const gradCam = await explain(network, image, { method: "Grad-CAM", target: 0 });
  assert.deepEqual(plain.map, gradCam.map);
});

test("similar classes are those whose logits are nearest, above or below, and share the strength", () => {
  assert.deepEqual([...comparedRow([5, 1, 3.5, 9], 2, 1, 0.5)], [-0.5, 0, 1, 0]);
  assert.deepEqual([...comparedRow([5, 1, 3.5, 9], 2, 2, 0.5)], [-0.25, -0.25, 1, 0]);
});

test("HiResCAM is Grad-CAM under mean pooling and a linear classifier", async () => {
  const mean = makeNetwork({
    inputSize: 2,
    classes: 2,
    rows: 2,
    columns: 2,
    features: (pixels) => pixels.div(255),
    decide: (features) =>
      tf.tidy(() => {
        const context = features.mean<tf.Tensor2D>([1, 2]);
        const logits = tf.matMul(
          context,
          tf.tensor2d([
            [1, -2],
            [-0.5, 3],
            [0.25, 1],
          ]),
        ) as tf.Tensor2D;
        return { context, logits, weights: tf.fill<tf.Rank.R3>([features.shape[0], 1, 4], 0.25) };
      }),
  });
  const [plain, fine] = [
    await explain(mean, image, { method: "Grad-CAM", target: 1 }),
    await explain(mean, image, { method: "HiResCAM", target: 1 }),
  ];
  plain.map.forEach((value, i) => {
    assert.ok(Math.abs(value - fine.map[i]!) < 1e-7);
  });
  assert.ok(plain.map.some((value) => value > 0));
  mean.dispose();
});

test("Finer-CAM refuses what it can't hold a class against", async () => {
  const refused = (options: { similar?: number; strength?: number }, message: RegExp, of = network) =>
    assert.rejects(
      explain(of, image, { method: "Finer-CAM", ...options }),
      (error) => error instanceof UserError && message.test(error.message),
    );
  await refused({ similar: 3 }, /similar classes of Finer-CAM/);
  await refused({ similar: 0 }, /similar classes of Finer-CAM/);
  await refused({ strength: -1 }, /strength of Finer-CAM/);
  const single = weighedNetwork([[1], [1]]);
  await refused({}, /this network has one/, single);
  single.dispose();
});

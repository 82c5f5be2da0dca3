import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { explain } from "./explain";
import { enlargeMap, poolMap } from "./map-size";
import { attributeAlongPath } from "./methods/integrated-gradients";
import { randomMasks, weighMasks } from "./methods/rise";
import { averageGradient } from "./methods/smooth-grad";
import { closeQuestion, openQuestion, type Question } from "./question";
import { assertClose, smallGolden as golden, smallImage, smallNetwork } from "./small-network.fixture";

const { target, settings } = golden;
let network: ReturnType<typeof smallNetwork>;
let question: Question;

before(async () => {
  await startTensorFlow();
  network = smallNetwork();
  question = { ...openQuestion(network, smallImage), target };
});
after(() => {
  closeQuestion(question);
  network.dispose();
  network.disposeWeights();
});

test("the small network is the one that PyTorch ran", async () => {
  assertClose(await question.prediction.logits.data(), golden.logits.data, "logits");
});

test("attention shows a head, or the mean over them", async () => {
  const [, positions] = golden.attention.shape as [number, number];
  const [first, second] = [golden.attention.data.slice(0, positions), golden.attention.data.slice(positions)];
  const ask = (head?: number) => explain(network, smallImage, { method: "attention", head });
  assertClose((await ask(0)).map, first, "head 0");
  assertClose((await ask(1)).map, second, "head 1");
  const mean = first.map((value, i) => (value + second[i]!) / 2);
  assertClose((await ask()).map, mean, "the mean");
});

test("attention of a network that weighs for each class shows the target's weights", async () => {
  const perClass = { ...network, headsAreClasses: true };
  const { map } = await explain(perClass, smallImage, { method: "attention", target: 1 });
  assertClose(map, golden.attention.data.slice(64), "class 1");
});

test("Grad-CAM agrees with captum's LayerGradCam", async () => {
  const { map, rows, columns } = await explain(network, smallImage, { method: "Grad-CAM", target });
  assert.deepEqual([rows, columns], [8, 8]);
  assertClose(map, golden.gradCam.data, "Grad-CAM");
});

test("Grad-CAM++ agrees with the derivatives of exp(logit) worked out in PyTorch", async () => {
  const { map } = await explain(network, smallImage, { method: "Grad-CAM++", target });
  assertClose(map, golden.gradCamPlusPlus.data, "Grad-CAM++");
});

test("integrated gradients agree with captum's, and the map is what speaks for the class", async () => {
  const { steps, baseline } = settings;
  const { attributions } = await attributeAlongPath(question, { steps, baseline });
  assertClose(attributions, golden.integratedGradients.data, "attributions");
  const { map, rows } = await explain(network, smallImage, {
    method: "integrated gradients",
    target,
    steps,
    baseline,
  });
  assert.equal(rows, 16);
  const sums = Array.from(
    { length: 256 },
    (_, i) => attributions[3 * i]! + attributions[3 * i + 1]! + attributions[3 * i + 2]!,
  );
  assertClose(
    map,
    sums.map((sum) => Math.max(0, sum)),
    "map",
  );
});

test("integrated gradients are complete: they add up to what the logit gains from the baseline", async () => {
  const gain = tf.tidy(() => {
    const logits = network.logitsOf(tf.concat([question.pixels, tf.fill([1, 16, 16, 3], 127)]));
    const [image, grey] = logits.arraySync();
    return image![target]! - grey![target]!;
  });
  const errorAt = async (steps: number) => {
    const { attributions, convergence } = await attributeAlongPath(question, { steps });
    const error = attributions.reduce((a, b) => a + b) - gain;
    const gap = Math.abs(error) / Math.max(1, Math.abs(gain));
    assert.ok(Math.abs(convergence.gap! - gap) < 1e-5, `${convergence.gap}, not ${gap}`);
    assert.deepEqual([convergence.runs, convergence.converged], [steps, gap <= 0.05]);
    return error;
  };
  assert.ok(Math.abs(gain) > 0.1, `the logit gains ${gain}`);
  const coarse = await errorAt(settings.steps);
  assert.ok(Math.abs(coarse - golden.completeness) < 1e-4, `${coarse}, captum ${golden.completeness}`);
  const fine = await errorAt(400);
  assert.ok(Math.abs(fine) < 1e-4 * Math.abs(gain) + 1e-5, `${fine} of ${gain}`);
  assert.ok(Math.abs(fine) < Math.abs(coarse), `${fine} with 400 steps, ${coarse} with ${settings.steps}`);
});

test("SmoothGrad averages the gradients under the noise that it is given as captum does", async () => {
  const [samples] = golden.noise.shape as [number];
  const noise = tf.tensor4d(golden.noise.data, golden.noise.shape as [number, number, number, number]);
  const gradient = await averageGradient(question, samples, (first, size) => noise.slice([first], [size]));
  noise.dispose();
  assertClose(gradient, golden.noisyGradient.data, "gradient");
});

test("SmoothGrad without noise is the absolute gradient, and its own noise has the spread that was asked for", async () => {
  const plain = await averageGradient(question, 1, () => tf.zeros([1, 16, 16, 3]));
  const { map } = await explain(network, smallImage, { method: "SmoothGrad", target, samples: 1, noise: 0 });
  assertClose(
    map,
    Array.from(
      { length: 256 },
      (_, i) => Math.abs(plain[3 * i]!) + Math.abs(plain[3 * i + 1]!) + Math.abs(plain[3 * i + 2]!),
    ),
    "map",
  );
  const spread: number[] = [];
  const watched = {
    ...network,
    pixelGradientOf: (x: tf.Tensor4D, upstream: tf.Tensor2D) => {
      const noise = tf.sub(x, question.pixels);
      spread.push(tf.sqrt(tf.mean(tf.square(noise))).dataSync()[0]!);
      return network.pixelGradientOf(x, upstream);
    },
  };
  await explain(watched, smallImage, { method: "SmoothGrad", target, samples: 32, noise: 0.2 });
  const range = Math.max(...smallImage.data) - Math.min(...smallImage.data);
  for (const deviation of spread) assert.ok(Math.abs(deviation / (0.2 * range) - 1) < 0.03, `${deviation}`);
});

test("occlusion agrees with captum's, windows cut at the edge too", async () => {
  const { window, stride, baseline } = settings;
  const { map, rows } = await explain(network, smallImage, {
    method: "occlusion",
    target,
    window,
    stride,
    baseline,
  });
  assert.equal(rows, 16);
  assertClose(
    map,
    golden.occlusion.data.map((fall) => Math.max(0, fall)),
    "occlusion",
  );
});

test("RISE weighs the masks that it is given as plain loops in PyTorch do", async () => {
  const { data, shape } = golden.masks;
  const masks = Array.from({ length: shape[0]! }, (_, i) =>
    Float32Array.from(data.slice(i * 256, (i + 1) * 256)),
  );
  const { map } = await weighMasks(question, masks, masks.length, settings.baseline);
  assertClose(map, golden.rise.data, "RISE");
});

test("RISE draws masks that keep the share asked for, in cells, each shifted by itself", () => {
  const masks = [...randomMasks(400, 7, 0.3, 56, randomStream(1, "masks"))];
  const values = masks.flatMap((mask) => [...mask]);
  assert.equal(masks[0]!.length, 56 * 56);
  assert.ok(values.every((value) => value >= 0 && value <= 1));
  const mean = values.reduce((a, b) => a + b) / values.length;
  assert.ok(Math.abs(mean - 0.3) < 0.01, `the masks keep ${mean}`);
  // A shift by s moves the lines along which the interpolation bends to rows 4 - s modulo 8.
  const bends = new Set(
    masks.map((mask) => {
      const row = Array.from({ length: 54 }, (_, x) =>
        Array.from({ length: 56 }, (_, y) =>
          Math.abs(mask[y * 56 + x]! - 2 * mask[y * 56 + x + 1]! + mask[y * 56 + x + 2]!),
        ).reduce((a, b) => a + b),
      );
      const byPhase = Array.from({ length: 8 }, (_, phase) =>
        row.filter((_, x) => x % 8 === phase).reduce((a, b) => a + b),
      );
      return byPhase.indexOf(Math.max(...byPhase));
    }),
  );
  assert.equal(bends.size, 8, `shifts seen: ${[...bends]}`);
});

test("maps are enlarged as PyTorch interpolates and pooled to the mean of an area", () => {
  const { small, enlarged, pooled } = golden.resizing;
  const map = Float32Array.from(small.data);
  const large = enlargeMap({ map, rows: 3, columns: 4 }, 10, 7);
  assertClose(large.map, enlarged.data, "enlarged");
  const mask = { map: Float32Array.from(golden.masks.data.slice(0, 256)), rows: 16, columns: 16 };
  assertClose(poolMap(mask, 4, 8).map, pooled.data, "pooled");
  // Three columns onto two: the middle one counts by half on either side.
  const row = poolMap({ map: Float32Array.of(3, 6, 9), rows: 1, columns: 3 }, 1, 2);
  assertClose(row.map, [4, 8], "pooled across a border");
});

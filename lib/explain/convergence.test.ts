import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { explain } from "./explain";
import { attributeAlongPath } from "./methods/integrated-gradients";
import { makeNetwork, type Network } from "./network";
import { closeQuestion, openQuestion, type Question } from "./question";
import { assertClose, smallGolden, smallImage, smallNetwork } from "./small-network.fixture";

const { target } = smallGolden;
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

/** A network of 2 × 2 pixels whose second logit is made of the mean of a function of each pixel's red. */
function redNetwork(side: number, logitOf: (red: tf.Tensor3D) => tf.Tensor): Network {
  return makeNetwork({
    inputSize: side,
    classes: 2,
    rows: side,
    columns: side,
    features: (pixels) => pixels.clone(),
    decide: (features) =>
      tf.tidy(() => {
        const [batch, rows, columns] = features.shape;
        const red = features.slice([0, 0, 0, 0], [-1, -1, -1, 1]).squeeze<tf.Tensor3D>([3]);
        const logit = logitOf(red).reshape<tf.Tensor2D>([batch, 1]);
        const weights = tf.fill<tf.Rank.R3>([batch, 1, rows * columns], 1 / (rows * columns));
        return { context: logit, logits: tf.concat([tf.zerosLike(logit), logit], 1), weights };
      }),
  });
}

const stepNetwork = (at: number) =>
  redNetwork(2, (red) =>
    red
      .mean([1, 2])
      .sub(at)
      .step()
      .mul(3)
      .add(red.mean([1, 2]).mul(0)),
  );
const kinkNetwork = () => redNetwork(2, (red) => red.sub(200).relu().sum([1, 2]).mul(0.01));
/** One pixel decides, row 2, column 5 of 8 × 8. */
const spotNetwork = () => redNetwork(8, (red) => red.slice([0, 2, 5], [-1, 1, 1]).div(32));

test("integrated gradients double their steps until they are complete", async () => {
  const { attributions, convergence } = await attributeAlongPath(question, {});
  assert.deepEqual([convergence.runs, convergence.converged], [128, true]);
  const { attributions: fine } = await attributeAlongPath(question, { steps: 2000 });
  assertClose(attributions, fine, "attributions", 1e-3);
});

test("where the attributions don't add up, integrated gradients go to 1,024 steps and say that they failed", async () => {
  // The logit is 3 beyond a red of 200.3 and 0 before it: its gradient is 0 wherever it is taken.
  const step = stepNetwork(200.3);
  const image = { width: 2, height: 2, channels: 3 as const, data: new Uint8Array(12).fill(255) };
  const calls: [number, number][] = [];
  const { convergence } = await explain(step, image, {
    method: "integrated gradients",
    target: 1,
    onProgress: (done, total) => calls.push([done, total]),
  });
  assert.deepEqual(convergence, { runs: 1024, converged: false, gap: 1 });
  assert.deepEqual(calls.at(-1), [1025, 1025]);
  step.dispose();
});

test("a kink between two points of the path costs what the trapezoid rule misses", async () => {
  // relu of the red above 200, summed over 4 pixels: the gain is 4 · 55 · 0.01 = 2.2.
  const kinked = kinkNetwork();
  const image = { width: 2, height: 2, channels: 3 as const, data: new Uint8Array(12).fill(255) };
  const open = openQuestion(kinked, image);
  const { attributions, convergence } = await attributeAlongPath({ ...open, target: 1 }, {});
  // 128 steps of 1 each: the gradient is 0.01 at reds of 201 … 254 and at half of the end, 0 at 127 … 200.
  const expected = 0.01 * 54.5;
  assertClose(
    attributions,
    Array.from({ length: 12 }, (_, i) => (i % 3 === 0 ? expected : 0)),
    "attributions",
  );
  assert.ok(Math.abs(convergence.gap! - 0.5 / 55) < 1e-5);
  closeQuestion(open);
  kinked.dispose();
});

test("SmoothGrad draws samples until two halves agree, and says how many it took", async () => {
  const easy = await explain(network, smallImage, { method: "SmoothGrad", target, noise: 0.02 });
  assert.deepEqual([easy.convergence!.runs, easy.convergence!.converged], [32, true]);
  const fixed = await explain(network, smallImage, {
    method: "SmoothGrad",
    target,
    noise: 0.02,
    samples: 32,
  });
  assertClose(easy.map, fixed.map, "map", 1e-5);
  const hard = await explain(network, smallImage, { method: "SmoothGrad", target, noise: 1, most: 64 });
  const { runs, converged, agreement } = hard.convergence!;
  assert.equal(converged, agreement! >= 0.9);
  assert.ok(runs === 64 || (runs === 32 && converged), `${runs}`);
});

test("RISE draws masks until the halves agree, and says how many it took", async () => {
  const bright = spotNetwork();
  const image = { width: 8, height: 8, channels: 3 as const, data: new Uint8Array(192).fill(255) };
  const easy = await explain(bright, image, { method: "RISE", target: 1, cells: 4 });
  assert.ok(easy.convergence!.converged && easy.convergence!.agreement! >= 0.9);
  assert.ok(easy.convergence!.runs % 256 === 0 && easy.convergence!.runs <= 2048);
  const fixed = await explain(bright, image, {
    method: "RISE",
    target: 1,
    cells: 4,
    masks: easy.convergence!.runs,
  });
  assert.deepEqual(fixed.map, easy.map);
  assert.deepEqual(fixed.convergence, easy.convergence);
  const few = await explain(bright, image, { method: "RISE", target: 1, masks: 2 });
  assert.deepEqual([few.convergence!.runs, few.convergence!.converged], [2, false]);
  // The map peaks at the pixel that decides.
  assert.equal(easy.map.indexOf(Math.max(...easy.map)), 8 * 2 + 5);
  bright.dispose();
});

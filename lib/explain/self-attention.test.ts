import assert from "node:assert/strict";
import * as path from "node:path";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { dataFolder } from "../node/files";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { readPhotograph } from "../node/photograph";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { middleLayerProbe } from "../transfer/regimes";
import { explain } from "./explain";
import { rolledOutAttention } from "./methods/attention-rollout";
import { attentionTimesGradientRelevance } from "./methods/attention-times-gradient";
import { meanPositiveGradient } from "./methods/le-grad";
import {
  drawnModel,
  GRID,
  golden,
  goldenNetwork,
  image,
  methods,
  SIDE,
  tensorOf,
} from "./self-attention.fixture";
import { assertClose, smallImage, smallNetwork } from "./small-network.fixture";
import { transferredNetwork } from "./transferred-network";

before(() => startTensorFlow());

test("both formulas agree with whole products of matrices", async () => {
  await assertNoTensorLeak(() =>
    tf.tidy(() => {
      const layers = golden.layers.map((stored, i) => ({
        weights: tensorOf<tf.Rank.R3>(stored),
        gradient: tensorOf<tf.Rank.R3>(golden.gradients[i]!),
      }));
      const [alpha, slope] = [golden.pooling, golden.poolingGradient].map((stored) =>
        tensorOf<tf.Rank.R2>(stored),
      );
      const rolled = rolledOutAttention(
        layers.map(({ weights }) => weights),
        alpha!,
      );
      assertClose(rolled.dataSync(), golden.rollout.data, "rollout");
      const pooling = {
        weights: alpha!.expandDims<tf.Tensor3D>(1),
        gradient: slope!.expandDims<tf.Tensor3D>(1),
      };
      const relevance = attentionTimesGradientRelevance(layers, pooling);
      assertClose(relevance.dataSync(), golden.timesGradient.data, "attention × gradient");
    }),
  );
});

test("without layers both are the pooling's own; where every position looks at itself, rollout is too", () => {
  tf.tidy(() => {
    const alpha = tf.tensor2d([[0.2, 0.5, 0.3]]);
    assertClose(rolledOutAttention([], alpha).dataSync(), [0.2, 0.5, 0.3], "rollout of nothing");
    const looking = tf.eye(3).expandDims<tf.Tensor3D>(0);
    assertClose(rolledOutAttention([looking, looking], alpha).dataSync(), [0.2, 0.5, 0.3], "rollout");
    const pooling = { weights: alpha.expandDims<tf.Tensor3D>(1), gradient: tf.tensor3d([[[2, -1, 0]]]) };
    assertClose(attentionTimesGradientRelevance([], pooling).dataSync(), [0.4, 0, 0], "attention × gradient");
  });
});

test("LeGrad is the mean of what is positive, over heads, queries and layers", () => {
  tf.tidy(() => {
    // Two layers of two heads, two queries and three positions. Sums of what is positive, of four: 7, 0, 2 and 1, 4, 0.
    const first = tf.tensor3d([
      [
        [1, -5, 2],
        [2, -1, -3],
      ],
      [
        [4, -2, 0],
        [-9, -1, 0],
      ],
    ]);
    const second = tf.tensor3d([
      [
        [1, 1, -1],
        [-2, 1, -1],
      ],
      [
        [-1, 1, -1],
        [-1, 1, -1],
      ],
    ]);
    assertClose(meanPositiveGradient([first, second]).dataSync(), [8 / 8, 4 / 8, 2 / 8], "LeGrad");
  });
});

test("the head of a transfer agrees with PyTorch: logits, all attention, and the explanations", async () => {
  const { network, dispose } = goldenNetwork();
  tf.tidy(() => {
    const pixels = tf.tensor4d(golden.image, [1, SIDE, SIDE, 3]);
    const { logits, weights, selfAttention } = network.decide(network.features(pixels));
    assertClose(logits.dataSync(), golden.logits.data, "logits");
    assertClose(weights.dataSync(), golden.pooling.data, "weights of the pooling");
    assert.equal(selfAttention!.length, 2);
    for (const [i, layer] of selfAttention!.entries())
      assertClose(layer.dataSync(), golden.layers[i]!.data, `weights of layer ${i}`);
  });
  const { target } = golden;
  const leGrad = tf.tidy(() =>
    meanPositiveGradient(golden.gradients.map((stored) => tensorOf<tf.Rank.R3>(stored))).dataSync(),
  );
  const expected = {
    "attention rollout": golden.rollout.data,
    "attention × gradient": golden.timesGradient.data,
    LeGrad: leGrad,
  };
  for (const method of methods) {
    const { map, rows, columns } = await explain(network, image, { method, target });
    assert.deepEqual([rows, columns], [GRID, GRID]);
    assertClose(map, expected[method], method);
    const again = await assertNoTensorLeak(() => explain(network, image, { method, target }));
    assert.deepEqual(again.map, map);
  }
  dispose();
});

test("rollout is the same for every target, what follows gradients is not", async () => {
  const { network, dispose } = goldenNetwork();
  const mapOf = async (method: (typeof methods)[number], target: number) =>
    (await explain(network, image, { method, target })).map;
  assert.deepEqual(await mapOf("attention rollout", 0), await mapOf("attention rollout", 2));
  for (const method of ["attention × gradient", "LeGrad"] as const)
    assert.notDeepEqual(await mapOf(method, 0), await mapOf(method, 2));
  dispose();
});

test("a network without self-attention is told what to do", async () => {
  const network = smallNetwork();
  for (const method of methods) {
    await assert.rejects(
      explain(network, smallImage, { method }),
      (error) =>
        error instanceof UserError &&
        error.message.startsWith(
          `The method "${method}" follows attention through layers of self-attention`,
        ) &&
        error.message.includes('Fit a model with the pooling "self-attention"'),
    );
  }
  network.dispose();
  network.disposeWeights();
});

test("a photograph is explained through the backbone: relevance on the token grid", async () => {
  const backbone = await loadEfficientNetLite0();
  const model = drawnModel(112, 8, (i, shape) => tf.randomNormal(shape, 0, 0.05, "float32", i + 1));
  const network = transferredNetwork({ backbone, regime: middleLayerProbe, model });
  const photograph = await readPhotograph(path.join(dataFolder(), "photographs", "hen.jpg"));
  for (const method of methods) {
    const { map, rows, columns } = await explain(network, photograph, { method });
    assert.deepEqual([rows, columns, map.length], [14, 14, 196]);
    assert.ok(map.every((value) => value >= 0 && Number.isFinite(value)));
    const sum = map.reduce((a, b) => a + b);
    if (method === "attention rollout") assert.ok(Math.abs(sum - 1) < 1e-4, `rollout sums to ${sum}`);
    else assert.ok(sum > 0);
  }
  network.dispose();
  model.dispose();
  backbone.dispose();
});

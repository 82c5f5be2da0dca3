import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNear, goldenTensor, readGoldens, type StoredTensor } from "../goldens/golden.fixture";
import type { Normaliser } from "../normalisers/normaliser";
import { type Score, scoreDefinition } from "../scores/score";
import { AttentionPooling } from "./attention-pooling";
import { assertAgrees, givenNames, type PoolingGolden } from "./pooling-goldens.fixture";

before(() => startTensorFlow());

interface GoldenCase extends PoolingGolden {
  score: Score;
  normaliser: Normaliser;
  query: "learned" | "given";
  upstream: Record<"context" | "weights" | "scores", StoredTensor>;
  scores: StoredTensor;
  scoreGradients: Record<string, StoredTensor>;
}

for (const golden of readGoldens<{ cases: GoldenCase[] }>("attention-pooling.json").cases) {
  const names = Object.keys(golden.inputs);

  test(`the scores agree with PyTorch, forward and gradients: ${golden.name}`, () => {
    tf.tidy(() => {
      const scores = (...tensors: tf.Tensor[]) => {
        const { tokens, query, ...parameters } = Object.fromEntries(
          names.map((name, i) => [name, tensors[i]!]),
        );
        // The layer shares a learned query among the images in the same way.
        const asked = golden.query === "learned" ? query!.expandDims<tf.Tensor3D>(0) : (query as tf.Tensor3D);
        return scoreDefinition(golden.score, "test").scores(
          golden.score,
          tokens as tf.Tensor3D,
          asked,
          parameters as Record<string, tf.Tensor2D>,
        );
      };
      const leaves = names.map((name) => goldenTensor(golden.inputs[name]!));
      assertNear(scores(...leaves), golden.scores, "scores");
      const used = names.filter((name) => isUsed(golden.scoreGradients[name]!));
      const loss = (...tensors: tf.Tensor[]) => {
        const all = names.map((name, i) => (used.includes(name) ? tensors[used.indexOf(name)]! : leaves[i]!));
        return scores(...all)
          .mul(goldenTensor(golden.upstream.scores))
          .sum()
          .asScalar();
      };
      const gradients = tf.grads(loss)(used.map((name) => leaves[names.indexOf(name)]!));
      for (const [i, gradient] of gradients.entries())
        assertNear(gradient, golden.scoreGradients[used[i]!]!, `gradient of ${used[i]}`);
    });
  });

  test(`the layer agrees with PyTorch, forward and gradients: ${golden.name}`, () => {
    const layer = new AttentionPooling({
      score: golden.score,
      normaliser: golden.normaliser,
      query: golden.query,
      ...(golden.query === "learned" ? { queries: golden.inputs.query!.shape[0]! } : {}),
      values: golden.inputs.values ? "given" : "tokens",
      seed: 1,
    } as ConstructorParameters<typeof AttentionPooling>[0]);
    const unused = names.filter((name) => !isUsed(golden.gradients[name]!));
    assertAgrees(layer, golden, givenNames(golden, golden.query), unused);
    layer.dispose();
  });
}

/** Keys have no say in location-based scores: TensorFlow.js refuses to differentiate by what has none. */
function isUsed(gradient: StoredTensor): boolean {
  return gradient.data.some((value) => value !== 0);
}

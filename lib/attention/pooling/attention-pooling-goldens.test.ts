import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../runtime/tensorflow";
import { assertNear, goldenTensor, readGoldens, type StoredTensor } from "../goldens/golden";
import type { Normaliser } from "../normalisers/normaliser";
import { type Score, scoreDefinition } from "../scores/score";
import { AttentionPooling } from "./attention-pooling";

before(() => startTensorFlow());

interface GoldenCase {
  name: string;
  score: Score;
  normaliser: Normaliser;
  query: "learned" | "given";
  /** The inputs of the layer and its parameters; tokens, query and values come first. */
  inputs: Record<string, StoredTensor>;
  mask: number[][] | null;
  upstream: Record<"context" | "weights" | "scores", StoredTensor>;
  scores: StoredTensor;
  weights: StoredTensor;
  context: StoredTensor;
  scoreGradients: Record<string, StoredTensor>;
  gradients: Record<string, StoredTensor>;
}

for (const golden of readGoldens<{ cases: GoldenCase[] }>("attention-pooling.json").cases) {
  const names = Object.keys(golden.inputs);
  const given = names.filter(
    (name) => name === "tokens" || name === "values" || (name === "query" && golden.query === "given"),
  );

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
    layer.build(given.map((name) => golden.inputs[name]!.shape));
    const trained = Object.keys(layer.parameters);
    assert.deepEqual([...trained, ...given].sort(), [...names].sort());
    layer.setWeights(trained.map((name) => goldenTensor(golden.inputs[name]!)));
    tf.tidy(() => {
      const inputs = given.map((name) => goldenTensor(golden.inputs[name]!));
      const options = golden.mask ? { mask: tf.tensor2d(golden.mask) } : {};
      const [context, weights] = layer.apply(inputs, options);
      assertNear(context, golden.context, "context");
      assertNear(weights, golden.weights, "weights");
      const loss = (...tensors: tf.Tensor[]) => {
        const [c, alpha] = layer.apply(tensors, options);
        const onContext = c.mul(goldenTensor(golden.upstream.context)).sum();
        return onContext.add(alpha.mul(goldenTensor(golden.upstream.weights)).sum()).asScalar();
      };
      const used = given.filter((name) => isUsed(golden.gradients[name]!));
      const lossOfUsed = (...tensors: tf.Tensor[]) =>
        loss(...given.map((name, i) => (used.includes(name) ? tensors[used.indexOf(name)]! : inputs[i]!)));
      const gradients = tf.grads(lossOfUsed)(used.map((name) => inputs[given.indexOf(name)]!));
      for (const [i, gradient] of gradients.entries())
        assertNear(gradient, golden.gradients[used[i]!]!, `gradient of ${used[i]}`);
      if (trained.length === 0) return;
      const { grads } = tf.variableGrads(() => loss(...inputs), layer.variables);
      for (const [i, name] of trained.entries())
        assertNear(grads[layer.variables[i]!.name]!, golden.gradients[name]!, `gradient of ${name}`);
    });
    layer.dispose();
  });
}

/** Keys have no say in location-based scores: TensorFlow.js refuses to differentiate by what has none. */
function isUsed(gradient: StoredTensor): boolean {
  return gradient.data.some((value) => value !== 0);
}

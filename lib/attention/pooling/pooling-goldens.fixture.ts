import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { assertNear, goldenTensor, type StoredTensor, spoilMasked } from "../goldens/golden.fixture";
import type { LearnedPooling } from "./learned-poolings.fixture";

/** What every file of golden values says of a pooling layer. */
export interface PoolingGolden {
  name: string;
  /** The inputs of the layer and its parameters. */
  inputs: Record<string, StoredTensor>;
  mask: number[][] | null;
  upstream: { context: StoredTensor; weights: StoredTensor };
  context: StoredTensor;
  weights: StoredTensor;
  gradients: Record<string, StoredTensor>;
}

/** Which of a case's tensors the layer is given, in its order; the others are its parameters. */
export function givenNames({ inputs }: PoolingGolden, query: "learned" | "given" = "learned"): string[] {
  const given = query === "given" ? ["tokens", "query", "values"] : ["tokens", "values"];
  return given.filter((name) => name in inputs);
}

const parametersOf = ({ parameters }: LearnedPooling) => parameters as Record<string, tf.Variable>;

/**
 * Builds the layer with the case's parameters, and fails unless context, weights and all gradients are the case's.
 * @param given names of what the layer is given: see `givenNames`
 * @param unused inputs that have no say: TensorFlow.js refuses to differentiate by them
 */
export function assertAgrees(
  layer: LearnedPooling,
  golden: PoolingGolden,
  given: readonly string[],
  unused: readonly string[] = [],
): void {
  const shapes = given.map((name) => golden.inputs[name]!.shape);
  layer.build(shapes.length === 1 ? shapes[0]! : shapes);
  const names = Object.keys(layer.parameters);
  assert.deepEqual([...names, ...given].sort(), Object.keys(golden.inputs).sort());
  assert.equal(layer.weights.length, names.length);
  const trained = names.filter((name) => parametersOf(layer)[name]!.trainable);
  assert.equal(layer.variables.length, trained.length);
  tf.tidy(() => {
    // By name: layers list what is frozen after what is trained.
    for (const [name, variable] of Object.entries(parametersOf(layer)))
      variable.assign(goldenTensor(golden.inputs[name]!));
    const mask = golden.mask ? tf.tensor2d(golden.mask) : undefined;
    // PyTorch saw numbers at masked positions; whatever stands there, the outcome is the same.
    const inputs = given
      .map((name) => goldenTensor(golden.inputs[name]!))
      .map((input, i) => (mask && given[i] !== "query" ? spoilMasked(input, mask) : input));
    const options = { mask };
    const [context, weights] = layer.apply(inputs, options);
    assertNear(context, golden.context, "context");
    assertNear(weights, golden.weights, "weights");

    const loss = (...tensors: tf.Tensor[]) => {
      const [c, alpha] = layer.apply(tensors, options);
      const [onContext, onWeights] = [golden.upstream.context, golden.upstream.weights].map(goldenTensor);
      return c.mul(onContext!).sum().add(alpha.mul(onWeights!).sum()).asScalar();
    };
    const used = given.filter((name) => !unused.includes(name));
    const lossOfUsed = (...tensors: tf.Tensor[]) =>
      loss(...given.map((name, i) => (used.includes(name) ? tensors[used.indexOf(name)]! : inputs[i]!)));
    const toUsed = tf.grads(lossOfUsed)(used.map((name) => inputs[given.indexOf(name)]!));
    for (const [i, name] of used.entries())
      assertNear(toUsed[i]!, golden.gradients[name]!, `gradient of ${name}`);
    if (trained.length === 0) return;
    const { grads } = tf.variableGrads(() => loss(...inputs), layer.variables);
    for (const [i, name] of trained.entries())
      assertNear(grads[layer.variables[i]!.name]!, golden.gradients[name]!, `gradient of ${name}`);
  });
}

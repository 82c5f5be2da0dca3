import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { assertNear } from "../goldens/golden.fixture";
import type { LearnedPooling } from "./learned-poolings.fixture";

/** What is known of a layer when it starts. */
interface Start {
  channels: number;
  heads: number;
  /** The parameter that starts at zero, and whose gradient must somewhere be larger than `least`. */
  leaving: string;
  least: number;
}

/** Fails unless a new layer with one context for each image is mean pooling, and has a gradient to leave it by. */
export function assertStartsAsMean(layer: LearnedPooling, { channels, heads, leaving, least }: Start): void {
  tf.tidy(() => {
    const tokens = tf.randomNormal<tf.Rank.R3>([3, 6, channels], 0, 1, "float32", 3);
    const [context, weights] = layer.apply(tokens);
    assertNear(context, tokens.mean(1), "context");
    assertNear(weights, tf.fill([3, heads, 6], 1 / 6), "weights");
    const loss = () => layer.apply(tokens)[0].square().sum().asScalar();
    const { grads } = tf.variableGrads(loss, layer.variables);
    const variable = Object.entries(layer.parameters).find(([name]) => name === leaving)![1] as tf.Variable;
    assert.ok(grads[variable.name]!.abs().max().dataSync()[0]! > least);
  });
}

/**
 * Fails unless equal seeds give equal first weights, other seeds others, and two matrices of one shape differ.
 * @param matrices their places among the layer's weights
 */
export function assertSeeded(make: (seed: number) => LearnedPooling, matrices: [number, number]): void {
  const initial = (seed: number) => {
    const layer = make(seed);
    layer.build([null, null, 3]);
    return layer.getWeights().map((weight) => [...weight.dataSync()]);
  };
  assert.deepEqual(initial(5), initial(5));
  assert.notDeepEqual(initial(5), initial(6));
  const [first, second] = matrices.map((i) => initial(5)[i]);
  assert.notDeepEqual(first, second);
}

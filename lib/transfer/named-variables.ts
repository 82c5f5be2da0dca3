import type * as tf from "@tensorflow/tfjs";

/** What a layer drew and training never moves, by its names in it. */
export function frozenVariables(layer: tf.layers.Layer): Map<string, tf.Variable> {
  return new Map(
    layer.nonTrainableWeights.map((weight) => [weight.originalName, weight.read() as tf.Variable]),
  );
}

/** The trained variables of a layer by the names that they have in it, in the order in which it was built. */
export function namedVariables(layer: tf.layers.Layer): Map<string, tf.Variable> {
  return new Map(layer.trainableWeights.map((weight) => [weight.originalName, weight.read() as tf.Variable]));
}

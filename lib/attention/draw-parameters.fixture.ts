import * as tf from "@tensorflow/tfjs";

/** Draws every parameter of a built layer anew, away from where it starts: biases too. */
export function drawParameters(layer: tf.layers.Layer, deviation: number): void {
  const drawn = layer
    .getWeights()
    .map(({ shape }, i) => tf.randomNormal(shape, 0, deviation, "float32", i + 1));
  layer.setWeights(drawn);
  tf.dispose(drawn);
}

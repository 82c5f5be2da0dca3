import * as tf from "@tensorflow/tfjs";
import { uniformWeights } from "../attention/normalisers/uniform";
import type { Backbone } from "../backbones/backbone";
import { makeNetwork, type Network } from "./network";

/**
 * A pretrained backbone with the classifier that it was trained with, such as the 1,000 classes of ImageNet: its
 * decisions can be explained without any training. Its pooling is the mean, so all its weights are equal. The
 * backbone stays the caller's.
 */
export function pretrainedNetwork(backbone: Backbone): Network {
  const { name, rows, columns, channels } = backbone.cutPoints.at(-1)!;
  const classify = (features: tf.Tensor4D) => backbone.run(features, name, "logits") as tf.Tensor2D;
  const classes = tf.tidy(() => classify(tf.zeros([1, rows, columns, channels])).shape[1]);
  return makeNetwork({
    inputSize: backbone.inputSize,
    classes,
    rows,
    columns,
    features: (pixels) => backbone.run(backbone.preprocess(pixels), "input", name) as tf.Tensor4D,
    decide: (features) => ({
      context: tf.mean<tf.Tensor2D>(features, [1, 2]),
      logits: classify(features),
      weights: uniformWeights(features.shape[0], rows * columns),
    }),
  });
}

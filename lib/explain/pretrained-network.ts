import * as tf from "@tensorflow/tfjs";
import { uniformWeights } from "../attention/normalisers/uniform";
import type { Backbone, SelfAttentionBackbone } from "../backbones/backbone";
import { type DecisionProbes, makeNetwork, type Network } from "./network";

/**
 * A pretrained backbone with the classifier that it was trained with, such as the 1,000 classes of ImageNet: its
 * decisions can be explained without any training. The backbone stays the caller's.
 *
 * Of a convolutional one the pooling is the mean, so all its weights are equal. Of a vision transformer the class token decides:
 * the weights are its attention to the patches in the last block, of each head, scaled so that they sum to one, and attention
 * can be followed through all blocks.
 */
export function pretrainedNetwork(backbone: Backbone | SelfAttentionBackbone): Network {
  if ("runWithAttention" in backbone) return classTokenNetwork(backbone);
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

function classTokenNetwork(backbone: SelfAttentionBackbone): Network {
  const { leadingTokens, inputSize } = backbone;
  const from = backbone.cutPoints[0]!;
  const { rows, columns } = backbone.cutPoints.find(({ name }) => name === "patches")!;
  const decide = (features: tf.Tensor4D, probes?: DecisionProbes) => {
    const { output, attention } = backbone.runWithAttention(
      features,
      from.name,
      "class",
      probes?.selfAttention,
    );
    const context = output as tf.Tensor4D;
    return { context, attention, logits: backbone.run(context, "class", "logits") as tf.Tensor2D };
  };
  return makeNetwork({
    inputSize,
    classes: tf.tidy(() => decide(tf.zeros([1, from.rows, from.columns, from.channels])).logits.shape[1]),
    rows,
    columns,
    leadingTokens,
    features: (pixels) => backbone.run(backbone.preprocess(pixels), "input", from.name) as tf.Tensor4D,
    decide: (features, probes) =>
      tf.tidy(() => {
        const { logits, attention, context } = decide(features, probes);
        const [batch, heads] = attention[0]!.shape;
        const seen = attention.at(-1)!.slice([0, 0, 0, leadingTokens], [batch, heads, 1, rows * columns]);
        const weights = seen.div(seen.sum(-1, true)).squeeze<tf.Tensor3D>([2]);
        return { context: context.squeeze<tf.Tensor2D>([1, 2]), logits, weights, selfAttention: attention };
      }),
  });
}

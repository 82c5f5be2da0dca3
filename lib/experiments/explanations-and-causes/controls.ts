import * as tf from "@tensorflow/tfjs";
import { gridsToTokens } from "../../attention/grids-to-tokens";
import { AdditiveAttention } from "../../attention/pooling/additive-attention";
import { centrePrior } from "../../explain/localisation/controls";
import type { Network } from "../../explain/network";
import type { RelevanceMap } from "../../explain/question";
import type { PixelImage } from "../../images/pixel-image";
import { stackImages } from "../../images/stack-images";
import { type RandomStream, randomStream } from "../../runtime/random";
import { ATTENTION_UNITS } from "../../transfer/pooling-choice";
import type { LineMethod } from "./plan";

/** Maps that a method has to do better than. */
export interface Controls {
  mapOf(name: LineMethod, image: PixelImage, stream: RandomStream): Promise<RelevanceMap>;
  dispose(): void;
}

/**
 * A random order, the centre prior, and attention on the model's own features with weights that nothing has learned. The
 * library's layer begins with v = 0, which is the uniform map, so its v is drawn here like its other weights.
 */
export function makeControls(network: Network, channels: number, seed: number): Controls {
  const { rows, columns, inputSize } = network;
  const ofLayer = randomStream(seed, "random attention");
  const layer = new AdditiveAttention({ units: ATTENTION_UNITS, seed: ofLayer.tensorSeed() });
  layer.build([null, null, channels]);
  const { scoreVector } = layer.parameters;
  const draw = tf.initializers.glorotUniform({ seed: ofLayer.tensorSeed() });
  tf.tidy(() => (scoreVector as tf.Variable).assign(draw.apply(scoreVector.shape)));

  const randomAttention = async (image: PixelImage): Promise<RelevanceMap> => {
    const weights = tf.tidy(() => {
      const tokens = gridsToTokens(network.featuresOf(stackImages([image], inputSize)));
      return (layer.apply(tokens) as tf.Tensor[])[1]!;
    });
    const map = await weights.data<"float32">();
    weights.dispose();
    return { map, rows, columns };
  };
  return {
    async mapOf(name, image, stream) {
      if (name === "random attention") return randomAttention(image);
      if (name === "centre prior") return centrePrior(rows, columns);
      return { map: Float32Array.from({ length: rows * columns }, () => stream.uniform()), rows, columns };
    },
    // Not `layer.dispose()`, which refuses a layer that was built before its first call.
    dispose: () => tf.dispose(Object.values(layer.parameters)),
  };
}

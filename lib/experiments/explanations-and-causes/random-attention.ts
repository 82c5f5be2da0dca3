import * as tf from "@tensorflow/tfjs";
import { gridsToTokens } from "../../attention/grids-to-tokens";
import { AdditiveAttention } from "../../attention/pooling/additive-attention";
import type { Network } from "../../explain/network";
import type { RelevanceMap } from "../../explain/question";
import type { PixelImage } from "../../images/pixel-image";
import { stackImages } from "../../images/stack-images";
import { randomStream } from "../../runtime/random";
import { ATTENTION_UNITS } from "../../transfer/pooling-choice";

/** Attention on a model's own features with weights that nothing has learned. */
export interface RandomAttention {
  mapOf(image: PixelImage): Promise<RelevanceMap>;
  dispose(): void;
}

/**
 * A map that learned attention has to do better than. The library's layer begins with v = 0, which is the uniform map, so its
 * v is drawn here like its other weights.
 */
export function randomAttention(network: Network, channels: number, seed: number): RandomAttention {
  const { rows, columns, inputSize } = network;
  const stream = randomStream(seed, "random attention");
  const layer = new AdditiveAttention({ units: ATTENTION_UNITS, seed: stream.tensorSeed() });
  layer.build([null, null, channels]);
  const { scoreVector } = layer.parameters;
  const draw = tf.initializers.glorotUniform({ seed: stream.tensorSeed() });
  tf.tidy(() => (scoreVector as tf.Variable).assign(draw.apply(scoreVector.shape)));
  return {
    async mapOf(image) {
      const weights = tf.tidy(() => {
        const tokens = gridsToTokens(network.featuresOf(stackImages([image], inputSize)));
        return (layer.apply(tokens) as tf.Tensor[])[1]!;
      });
      const map = await weights.data<"float32">();
      weights.dispose();
      return { map, rows, columns };
    },
    // Not `layer.dispose()`, which refuses a layer that was built before its first call.
    dispose: () => tf.dispose(Object.values(layer.parameters)),
  };
}

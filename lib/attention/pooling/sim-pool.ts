import * as tf from "@tensorflow/tfjs";
import { attend } from "../attend";
import { layerNormalisation } from "../features/layer-normalisation";
import { softmaxWeights } from "../normalisers/softmax";
import { uniformWeights } from "../normalisers/uniform";
import { scaledDotProductScores } from "../scores/dot-product";
import { LearnedPooling, type PoolingParameter } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** What SimPool learns. */
export interface SimPoolParameters {
  /** Gain of the layer norm, `[channels]`. */
  gain: tf.Tensor1D;
  /** Offset of the layer norm, `[channels]`. */
  offset: tf.Tensor1D;
  /** W_q, `[channels, channels]`. */
  queryProjection: tf.Tensor2D;
  /** W_k, `[channels, channels]`. */
  keyProjection: tf.Tensor2D;
}

/**
 * SimPool: the mean of an image's tokens asks the tokens of that image, e_i = (W_q ū)ᵀ W_k x_i / √channels, α = softmax(e),
 * c = Σ α_i x_i, where ū is the mean of the tokens as they come and x_i is the i-th after layer norm. The query is not
 * learned: each image asks for what it has most of, seen through W_q.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, 1, positions]`. A masked position gets weight exactly 0 whatever stands there, and no part in ū; a row whose
 * positions are all masked gets zeros.
 *
 * W_q starts at zero, so that a new layer weighs all positions the same: its context is the mean of the normalised
 * tokens. It can't start as the mean of the tokens themselves, since what it averages is normalised. W_k starts at
 * Glorot's uniform draws, the layer norm at gain 1 and offset 0.
 *
 * Source: Psomas, Kakogeorgiou, Karantzalos and Avrithis, "Keep it SimPool: who said supervised transformers suffer from
 * attention deficit?", 2023 (https://arxiv.org/abs/2309.06891), with the weighted mean, as Psomas et al. 2025
 * (https://arxiv.org/abs/2506.10178) probe with it; the paper's power mean, whose exponent is set by hand, is left out.
 * Deviations: W_q is drawn there, and its layer norm has an ε of 1e-6.
 *
 * @throws UserError for a seed that is no whole number
 */
export class SimPool extends LearnedPooling<SimPoolParameters> {
  static className = "SimPool";

  protected parametersFor(channels: number): Record<keyof SimPoolParameters, PoolingParameter> {
    const square = [channels, channels];
    return {
      gain: { shape: [channels], start: "ones" },
      offset: { shape: [channels], start: "zeros" },
      queryProjection: { shape: square, start: "zeros" },
      keyProjection: { shape: square, start: "Glorot" },
    };
  }

  /** The tokens after layer norm, and the mean of those that came. */
  protected override prepare(inputs: PoolingInputs, mask?: tf.Tensor2D): PoolingInputs {
    const { gain, offset } = this.parameters;
    const given = inputs.tokens as tf.Tensor3D;
    const mean = attend(given, uniformWeights(given.shape[0], given.shape[1], mask));
    return { tokens: layerNormalisation(given, gain, offset, mask), mean };
  }

  protected weigh({ tokens, mean }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const { queryProjection, keyProjection } = this.parameters;
    // W_k meets the one query of an image before it meets its many tokens.
    const asked = mean!.squeeze<tf.Tensor2D>([1]).matMul(queryProjection);
    const direction = tf.matMul(asked, keyProjection, false, true);
    return softmaxWeights(scaledDotProductScores(tokens as tf.Tensor3D, direction as tf.Tensor2D), mask);
  }
}

tf.serialization.registerClass(SimPool);

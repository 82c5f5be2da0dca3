import * as tf from "@tensorflow/tfjs";
import { keepOnly } from "../mask";
import { underMask } from "./under-mask";

// Below the smallest sum that a row with a weight can have; turns 0/0 of a row without one into 0.
const tiny = 1e-30;

/**
 * The common form of normalisers that give weight only above a threshold τ of each row: sparsemax, entmax 1.5.
 * It takes care of scores of any size, of masks and of the gradient; the normaliser itself sees clean rows.
 *
 * Each row of scores is shifted so that the largest kept score is 0, divided, and cut off at −1. These normalisers
 * have τ ≥ −1 on such a row (else the position at 0 alone would weigh more than 1), so that whatever lies
 * below −1 gets no weight however far below it lies. A masked position is put at −1.
 *
 * The Jacobian of all of them is diag(s) − s sᵀ / Σ s, with an s that follows from the weights: Peters, Niculae and
 * Martins 2019 (https://arxiv.org/abs/1905.05702), proposition 1. With s = α it is the softmax's.
 *
 * @param where how messages name the normaliser
 * @param divisor what score differences are divided by
 * @param weigh shifted scores in −1 … 0 with a 0 in every row → weights, both `[batch, heads, positions]`
 * @param slopes the weights → s, 0 where a weight is 0
 */
export function thresholdWeights(
  where: string,
  scores: tf.Tensor3D,
  mask: tf.Tensor2D | undefined,
  divisor: number,
  weigh: (shifted: tf.Tensor3D) => tf.Tensor3D,
  slopes: (weights: tf.Tensor3D) => tf.Tensor3D,
): tf.Tensor3D {
  return underMask(
    where,
    scores,
    mask,
    (clean, kept) =>
      tf.customGrad((_scores: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
        const weights = weigh(shift(clean, kept, divisor));
        // At the threshold a rounding error decides between a weight of 0 and of 1e-8: a masked position has none.
        const value = kept ? keepOnly(weights, kept) : weights;
        (save as tf.GradSaveFunc)([value]);
        const gradFunc = (upstream: tf.Tensor, [weights]: tf.Tensor[]) => {
          const s = slopes(weights as tf.Tensor3D);
          const product = upstream.mul(s);
          const mean = product.sum(-1, true).div(s.sum(-1, true).maximum(tiny));
          // ∂L/∂e_i = s_i (∂L/∂α_i − Σ_j s_j ∂L/∂α_j / Σ_j s_j)
          return [product.sub(s.mul(mean))];
        };
        return { value, gradFunc };
      })(clean) as tf.Tensor3D,
  );
}

function shift(scores: tf.Tensor3D, kept: tf.Tensor3D | undefined, divisor: number): tf.Tensor3D {
  // The row's lowest score in place of a masked one: it is the largest nowhere but where all are masked.
  const filled = kept ? tf.where(kept, scores, scores.min<tf.Tensor3D>(-1, true)) : scores;
  const difference = filled.sub(filled.max(-1, true));
  const cut = (divisor === 1 ? difference : difference.div(divisor)).maximum<tf.Tensor3D>(-1);
  return kept ? tf.where(kept, cut, -1) : cut;
}

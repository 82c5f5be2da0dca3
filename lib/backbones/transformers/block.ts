import * as tf from "@tensorflow/tfjs";
import { layerNormalisation } from "../../attention/features/layer-normalisation";
import { multiHeadAttention } from "../../attention/features/multi-head-attention";

/** What a part of a vision transformer computes with, by role. */
export type Parameters<Role extends string> = { readonly [role in Role]: tf.Tensor };

/** The parameters of a block; the scales are there where the architecture has LayerScale. */
export type BlockParameters = Parameters<
  | "attentionGain"
  | "attentionOffset"
  | "queryKernel"
  | "queryBias"
  | "keyKernel"
  | "valueKernel"
  | "valueBias"
  | "attentionOutputKernel"
  | "attentionOutputBias"
  | "hiddenGain"
  | "hiddenOffset"
  | "hiddenKernel"
  | "hiddenBias"
  | "outputKernel"
  | "outputBias"
> &
  Partial<Parameters<"attentionScale" | "outputScale">>;

export interface BlockOptions {
  heads: number;
  epsilon: number;
  /** Zeros to be added to the attention weights, `[batch, heads, positions, positions]`: see `multiHeadAttention`. */
  probe?: tf.Tensor4D;
}

/**
 * A block of a vision transformer: x ← x + s₁ · Attention(Norm(x)), x ← x + s₂ · W₂ gelu(W₁ Norm(x)).
 *
 * Sources: Dosovitskiy et al. 2020 (arXiv:2010.11929), equations 2 and 3; LayerScale s: Touvron et al. 2021
 * (arXiv:2103.17239), equation 4. Deviation: keys have no bias. It adds the same to all scores of a query, which the softmax
 * undoes.
 *
 * @param x `[batch, positions, channels]`
 * @returns tokens of the same shape, and the attention weights `[batch, heads, positions, positions]`
 */
export function runBlock(
  x: tf.Tensor3D,
  parameters: BlockParameters,
  { heads, epsilon, probe }: BlockOptions,
): { tokens: tf.Tensor3D; weights: tf.Tensor4D } {
  const p = parameters as { [role in keyof BlockParameters]: never };
  return tf.tidy(() => {
    const normal = layerNormalisation(x, p.attentionGain, p.attentionOffset, undefined, epsilon);
    const attention = multiHeadAttention(
      normal,
      normal,
      {
        query: { kernel: p.queryKernel, bias: p.queryBias },
        key: { kernel: p.keyKernel },
        value: { kernel: p.valueKernel, bias: p.valueBias },
        output: scaled(p.attentionOutputKernel, p.attentionOutputBias, p.attentionScale),
      },
      { heads, probe },
    );
    const between = x.add<tf.Tensor3D>(attention.features);
    const [batch, positions, channels] = x.shape;
    const hiddenIn = layerNormalisation(between, p.hiddenGain, p.hiddenOffset, undefined, epsilon);
    const rows = hiddenIn.reshape<tf.Tensor2D>([batch * positions, channels]);
    const hidden = rows.matMul(p.hiddenKernel).add<tf.Tensor2D>(p.hiddenBias);
    const output = scaled(p.outputKernel, p.outputBias, p.outputScale);
    const made = gelu(hidden).matMul(output.kernel).add(output.bias).reshape<tf.Tensor3D>(x.shape);
    return { tokens: between.add(made), weights: attention.weights };
  });
}

/** A linear map with LayerScale behind it, which is a linear map: small tensors are multiplied, not activations. */
function scaled(kernel: tf.Tensor2D, bias: tf.Tensor1D, scale: tf.Tensor1D | undefined) {
  return scale
    ? { kernel: kernel.mul<tf.Tensor2D>(scale), bias: bias.mul<tf.Tensor1D>(scale) }
    : { kernel, bias };
}

/** x Φ(x), exact (Hendrycks and Gimpel 2016, arXiv:1606.08415). */
function gelu(x: tf.Tensor2D): tf.Tensor2D {
  return x.mul(x.mul(Math.SQRT1_2).erf().add(1).mul(0.5));
}

import * as tf from "@tensorflow/tfjs";
import { mergeHeads, requireHeads, splitHeads } from "../heads";
import { clearMasked } from "../mask";
import { softmaxWeights } from "../normalisers/softmax";
import { requireTensors } from "../require-tensors";

/** A linear map of channels: x W + b. */
export interface Projection {
  /** W, `[channels in, channels out]`. */
  kernel: tf.Tensor2D;
  /** b, `[channels out]`. */
  bias: tf.Tensor1D;
}

/** What multi-head attention learns; the heads lie side by side in the channels. */
export interface MultiHeadAttentionParameters {
  query: Projection;
  /** Without a bias, which would add the same to all scores of a query: the softmax would undo it. */
  key: Pick<Projection, "kernel">;
  value: Projection;
  output: Projection;
}

export interface MultiHeadOptions {
  /** How many heads attend independently; divides the channels of the projections. */
  heads: number;
  /**
   * `[batch, positions]`: 1 (or true, or all but zero) where a position of the tokens may be attended to, 0 where not,
   * whatever stands there; all may by default.
   */
  mask?: tf.Tensor2D;
  /** Added to the scores before the softmax, `[1, heads, queries, positions]`: what is known of the places. */
  scoreBias?: tf.Tensor4D;
  /**
   * Added to the weights after the softmax, `[batch, heads, queries, positions]`. Zeros here change nothing, and
   * the gradient of a loss with respect to them is its gradient with respect to the weights.
   */
  probe?: tf.Tensor4D;
}

/**
 * Multi-head attention: in each head A = softmax(Q Kᵀ / √d), context = A V; the contexts of all heads side by
 * side go through one last projection. Q comes from the queries, K and V come from the tokens, d is the number
 * of channels of a head.
 *
 * Source: Vaswani et al., "Attention is all you need", 2017 (https://arxiv.org/abs/1706.03762), section 3.2.
 * Deviation: the projections have biases, as in PyTorch's `MultiheadAttention`; the paper's have none. The keys' has
 * none here either: PyTorch's can be left out when weights are taken over from there, and nothing changes.
 *
 * A masked position gets weight exactly 0 from every query, whatever stands there. Where all positions are masked, the weights are all
 * 0 and the features are the bias of the last projection. The mask says nothing of the queries: each gets features.
 *
 * @param queries `[batch, queries, query channels]`
 * @param tokens `[batch, positions, channels]`
 * @returns features `[batch, queries, channels of the output]`, weights `[batch, heads, queries, positions]`:
 *   row q of a head's matrix says where query q looks, and sums to one
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or heads that don't divide the
 *   channels of the projections
 */
export function multiHeadAttention(
  queries: tf.Tensor3D,
  tokens: tf.Tensor3D,
  parameters: MultiHeadAttentionParameters,
  { heads, mask, scoreBias, probe }: MultiHeadOptions,
): { features: tf.Tensor3D; weights: tf.Tensor4D } {
  requireInputs(queries, tokens, parameters, { heads, mask, scoreBias, probe });
  return tf.tidy(() => {
    const clean = mask ? clearMasked(tokens, mask) : tokens;
    const query = splitHeads(project(queries, parameters.query), heads);
    const key = splitHeads(project(clean, parameters.key), heads);
    const value = splitHeads(project(clean, parameters.value), heads);
    const [batch, , count, channels] = query.shape;
    const positions = key.shape[2];
    const products = tf.matMul(query.div<tf.Tensor4D>(Math.sqrt(channels)), key, false, true);
    const scores = scoreBias ? products.add<tf.Tensor4D>(scoreBias) : products;
    // All queries of all heads are rows of one softmax.
    const softmax = softmaxWeights(scores.reshape([batch, heads * count, positions]), mask);
    const weights = softmax.reshape<tf.Tensor4D>([batch, heads, count, positions]);
    const context = mergeHeads(tf.matMul(probe ? weights.add<tf.Tensor4D>(probe) : weights, value));
    return { features: project(context, parameters.output), weights };
  });
}

function requireInputs(
  queries: tf.Tensor3D,
  tokens: tf.Tensor3D,
  { query, key, value, output }: MultiHeadAttentionParameters,
  { heads, mask, scoreBias, probe }: MultiHeadOptions,
): void {
  const where = "multiHeadAttention";
  const sharedBias = scoreBias?.shape?.[0] === 1 ? 1 : "batch";
  requireTensors(where, {
    queries: [queries, ["batch", "queries", "query channels"]],
    tokens: [tokens, ["batch", "positions", "channels"]],
    "query kernel": [query?.kernel, ["query channels", "width"]],
    "query bias": [query?.bias, ["width"]],
    "key kernel": [key?.kernel, ["channels", "width"]],
    "value kernel": [value?.kernel, ["channels", "value width"]],
    "value bias": [value?.bias, ["value width"]],
    "output kernel": [output?.kernel, ["value width", "output channels"]],
    "output bias": [output?.bias, ["output channels"]],
    mask: [mask, ["batch", "positions"], "mask"],
    scoreBias: [scoreBias, [sharedBias, heads, "queries", "positions"], "optional"],
    probe: [probe, ["batch", heads, "queries", "positions"], "optional"],
  });
  requireHeads(where, query.kernel.shape[1], heads);
  requireHeads(where, value.kernel.shape[1], heads);
}

/** All positions of the batch go through one product of matrices. */
function project(
  tokens: tf.Tensor3D,
  { kernel, bias }: { kernel: tf.Tensor2D; bias?: tf.Tensor1D },
): tf.Tensor3D {
  const [batch, positions, channels] = tokens.shape;
  const projected = tokens.reshape<tf.Tensor2D>([batch * positions, channels]).matMul(kernel);
  return (bias ? projected.add(bias) : projected).reshape([batch, positions, kernel.shape[1]]);
}

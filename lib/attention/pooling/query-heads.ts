import * as tf from "@tensorflow/tfjs";
import { requireHeads } from "../heads";
import { requireTensors } from "../require-tensors";

/**
 * How well each position answers each head of one query that the batch shares: e_hi = q_h · (W_k x_i)_h / √(channels / heads).
 *
 * @param tokens x_i, `[batch, positions, channels]`
 * @param query q, `[1, channels]`; the channels of a head lie together
 * @param keyProjection W_k, `[channels, channels]`
 * @returns scores e_hi, `[batch, heads, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or heads that don't divide
 *   the channels
 */
export function scoresByHead(
  tokens: tf.Tensor3D,
  query: tf.Tensor2D,
  keyProjection: tf.Tensor2D,
  heads: number,
): tf.Tensor3D {
  requireTensors("scoresByHead", {
    tokens: [tokens, ["batch", "positions", "channels"]],
    query: [query, [1, "channels"]],
    keyProjection: [keyProjection, ["channels", "channels"]],
  });
  const [batch, positions, channels] = tokens.shape;
  requireHeads("scoresByHead", channels, heads);
  const size = channels / heads;
  return tf.tidy(() => {
    const asked = query.div(Math.sqrt(size)).reshape([1, heads, size]);
    // W_k meets the one query before it meets the many tokens: then each of them takes `heads` products of
    // vectors, not `channels`.
    const direction = keyProjection.reshape([channels, heads, size]).mul(asked).sum<tf.Tensor2D>(-1);
    const scores = tokens.reshape([batch * positions, channels]).matMul(direction);
    return scores.reshape<tf.Tensor3D>([batch, positions, heads]).transpose([0, 2, 1]);
  });
}

/**
 * Projects what each head brought back by its own columns of W_v, side by side: (W_v1 c_1, …, W_vH c_H). Projecting the
 * mean of the tokens is projecting each and taking the mean, for a fraction of the work.
 *
 * @param contexts c_h, the weighted mean of the whole tokens for each head, `[batch, heads, channels]`
 * @param valueProjection W_v, `[channels, channels]`
 * @returns `[batch, channels]`
 * @throws UserError for tensors whose shapes don't fit together or that are not float32, or heads that don't divide the
 *   channels
 */
export function projectByHead(contexts: tf.Tensor3D, valueProjection: tf.Tensor2D): tf.Tensor2D {
  requireTensors("projectByHead", {
    contexts: [contexts, ["batch", "heads", "channels"]],
    valueProjection: [valueProjection, ["channels", "channels"]],
  });
  const [batch, heads, channels] = contexts.shape;
  requireHeads("projectByHead", channels, heads);
  return tf.tidy(() => {
    const byHead = valueProjection.reshape<tf.Tensor3D>([channels, heads, channels / heads]);
    const projected = contexts.transpose([1, 0, 2]).matMul<tf.Tensor3D>(byHead.transpose([1, 0, 2]));
    return projected.transpose([1, 0, 2]).reshape<tf.Tensor2D>([batch, channels]);
  });
}

import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { Decision } from "./network";
import type { Question, RelevanceMap } from "./question";

/**
 * The weights of a network's self-attention, layer by layer, `[batch, heads, positions, positions]`.
 * @throws UserError for a network that has none
 */
export function requireSelfAttention({ selfAttention }: Decision, method: string): tf.Tensor4D[] {
  if (selfAttention) return selfAttention;
  throw new UserError(
    `The method "${method}" follows attention through layers of self-attention, and this network has none. ` +
      'Fit a model with the pooling "self-attention", or take the method "attention".',
  );
}

/**
 * What is read at the end of self-attention, `[heads, positions]`: the pooling's weights, or the class token alone, which
 * stands first where it decides.
 */
export function readingRow({ network, prediction }: Question): tf.Tensor2D {
  const { leadingTokens = 0, rows, columns } = network;
  if (leadingTokens === 0) return prediction.weights.squeeze<tf.Tensor2D>([0]);
  return tf.tidy(() => tf.oneHot([0], leadingTokens + rows * columns).toFloat() as tf.Tensor2D);
}

/** Relevance of all positions, `[positions]`, as a map of those that have a place in the image; disposes it. */
export async function mapOfPositions(
  { rows, columns, leadingTokens = 0 }: Question["network"],
  relevance: tf.Tensor1D,
): Promise<RelevanceMap> {
  const values = await relevance.data<"float32">();
  relevance.dispose();
  return { map: values.slice(leadingTokens), rows, columns };
}

import type * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { Decision } from "./network";

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

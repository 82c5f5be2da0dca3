import * as tf from "@tensorflow/tfjs";
import { proportionalWeights } from "../normalisers/proportional";
import type { NamedShapes } from "../shapes";
import { type PoolingInputs, PoolingLayer } from "./pooling-layer";

/**
 * Pooling with weights that are given: c = Σ α_i x_i with α_i in proportion to the amounts that come in.
 * With an object's true mask as amounts this is the ceiling of attention that finds the object: all weight on
 * the object, none on the clutter. It learns nothing.
 *
 * `apply([tokens [batch, positions, channels], amounts [batch, positions]], { mask })` → context
 * `[batch, channels]`, weights `[batch, 1, positions]`. Amounts are numbers of any type or
 * booleans, such as a mask of the object; they must not be negative and need no sum of one. Zeros for a row whose amounts are all zero or masked.
 */
export class WeightedPooling extends PoolingLayer {
  static className = "WeightedPooling";

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", "channels"], amounts: ["batch", "positions"] };
  }

  protected weigh({ amounts }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return proportionalWeights(amounts!.toFloat().expandDims<tf.Tensor3D>(1), mask);
  }

  /** Not the amounts, of any type: `proportionalWeights` clears these. */
  protected override isClearedByMask(input: string): boolean {
    return input === "tokens";
  }

  protected override needOf(input: string): "amounts" | undefined {
    return input === "amounts" ? "amounts" : undefined;
  }
}

tf.serialization.registerClass(WeightedPooling);

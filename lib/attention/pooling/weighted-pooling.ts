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
 * `[batch, channels]`, weights `[batch, 1, positions]`. Amounts must not be negative; they need no sum of
 * one. Zeros for a row whose amounts are all zero or masked.
 */
export class WeightedPooling extends PoolingLayer {
  static className = "WeightedPooling";

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", "channels"], amounts: ["batch", "positions"] };
  }

  protected weigh({ amounts }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return proportionalWeights(amounts!.toFloat().expandDims<tf.Tensor3D>(1), mask);
  }
}

tf.serialization.registerClass(WeightedPooling);

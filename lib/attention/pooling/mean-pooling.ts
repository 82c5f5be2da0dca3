import * as tf from "@tensorflow/tfjs";
import { uniformWeights } from "../normalisers/uniform";
import type { NamedShapes } from "../shapes";
import { type PoolingInputs, PoolingLayer } from "./pooling-layer";

/**
 * Mean pooling: c = (1/n) Σ x_i over the n positions that the mask keeps. It is attention with uniform
 * weights, and returns them. It learns nothing.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, channels]`, weights
 * `[batch, 1, positions]`; zeros for a row whose positions are all masked.
 */
export class MeanPooling extends PoolingLayer {
  static className = "MeanPooling";

  protected inputShapes(): NamedShapes {
    return { tokens: ["batch", "positions", "channels"] };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    const [batch, positions] = tokens!.shape as [number, number];
    return uniformWeights(batch, positions, mask);
  }
}

tf.serialization.registerClass(MeanPooling);

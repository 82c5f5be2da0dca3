import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { keepRows } from "../mask";
import { uniformWeights } from "../normalisers/uniform";
import { type HiddenLayerParameters, hiddenLayer, hiddenLayerFor } from "./hidden-layer";
import { LearnedPooling, type LearnedPoolingArgs } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** Options of a hidden layer behind the mean. */
export interface MeanThenHiddenArgs extends LearnedPoolingArgs {
  /** How many numbers the hidden layer makes of the mean: the size of the context. */
  units: number;
}

/**
 * The mean, then a hidden layer: c = max(0, W (1/n) Σ h_i + b) over the n positions that the mask keeps. With the linear
 * classifier after it, it is a multi-layer perceptron on the mean.
 *
 * A control of capacity for attention: as many parameters, but all of them see only what the mean has left.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, units]`, weights
 * `[batch, 1, positions]`: uniform; zeros for a row whose positions are all masked.
 *
 * W starts at Glorot's uniform draws and b at zero: a new layer is not mean pooling, since a hidden layer cuts off what
 * is negative. Common practice.
 *
 * @throws UserError for units or a seed that is no whole number
 */
export class MeanThenHiddenPooling extends LearnedPooling<HiddenLayerParameters> {
  static className = "MeanThenHiddenPooling";

  private readonly units: number;

  constructor(args: MeanThenHiddenArgs) {
    super(args);
    this.units = requireWhole("MeanThenHiddenPooling", "units", args.units, 1);
  }

  protected parametersFor(channels: number) {
    return hiddenLayerFor(channels, this.units);
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return uniformWeights(tokens!.shape[0]!, tokens!.shape[1]!, mask);
  }

  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D, mask?: tf.Tensor2D): tf.Tensor3D {
    const context = hiddenLayer(super.pool(inputs, weights), this.parameters);
    // Of no position at all b would be left.
    return mask ? keepRows(context, mask) : context;
  }

  protected override contextSize(): number {
    return this.units;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}

tf.serialization.registerClass(MeanThenHiddenPooling);

import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { uniformWeights } from "../normalisers/uniform";
import { type HiddenLayerParameters, hiddenLayer, hiddenLayerFor } from "./hidden-layer";
import { LearnedPooling, type LearnedPoolingArgs } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** Options of a hidden layer on every token before the mean. */
export interface HiddenThenMeanArgs extends LearnedPoolingArgs {
  /** How many numbers the hidden layer makes of a token: the size of the context. */
  units: number;
}

/**
 * A hidden layer on every token, then the mean: c = (1/n) Σ max(0, W h_i + b) over the n positions that the mask keeps.
 *
 * The control of capacity for attention: a layer that bends, with as many parameters as attention has, on the same
 * tokens, that can't choose among positions. What attention has over this is its own.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, units]`, weights
 * `[batch, 1, positions]`: uniform; zeros for a row whose positions are all masked.
 *
 * W starts at Glorot's uniform draws and b at zero. A new layer is not mean pooling: a hidden layer has no start at
 * which it lets everything through, since it cuts off what is negative.
 *
 * Source: common practice; the sum over a set of a function of each member is Zaheer et al., "Deep sets", 2017
 * (https://arxiv.org/abs/1703.06114), theorem 2, here with one layer before the mean and the classifier after it.
 *
 * @throws UserError for units or a seed that is no whole number
 */
export class HiddenThenMeanPooling extends LearnedPooling<HiddenLayerParameters> {
  static className = "HiddenThenMeanPooling";

  private readonly units: number;

  constructor(args: HiddenThenMeanArgs) {
    super(args);
    this.units = requireWhole("HiddenThenMeanPooling", "units", args.units, 1);
  }

  protected parametersFor(channels: number) {
    return hiddenLayerFor(channels, this.units);
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return uniformWeights(tokens!.shape[0]!, tokens!.shape[1]!, mask);
  }

  protected override prepare({ tokens }: PoolingInputs): PoolingInputs {
    return { tokens: hiddenLayer(tokens as tf.Tensor3D, this.parameters) };
  }

  protected override contextSize(): number {
    return this.units;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}

tf.serialization.registerClass(HiddenThenMeanPooling);

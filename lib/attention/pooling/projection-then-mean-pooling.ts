import * as tf from "@tensorflow/tfjs";
import { requireWhole } from "../arguments";
import { uniformWeights } from "../normalisers/uniform";
import { LearnedPooling, type LearnedPoolingArgs, type PoolingParameter } from "./learned-pooling";
import type { PoolingInputs } from "./pooling-layer";

/** Options of a linear projection of every token before the mean. */
export interface ProjectionThenMeanArgs extends LearnedPoolingArgs {
  /** How many numbers the projection makes of a token: the size of the context. */
  units: number;
}

/** What the projection learns. */
export interface ValueProjectionParameters {
  /** W_v, `[channels, units]`. */
  valueProjection: tf.Tensor2D;
}

/**
 * A linear projection of every token, then the mean: c = (1/n) Σ W_v h_i over the n positions that the mask keeps. With a
 * linear classifier after it, it can say nothing that the mean can't: W_v only changes the way that training takes.
 *
 * The control of optimisation for poolings that project what they average: a gain that this one has too is not
 * attention's.
 *
 * `apply(tokens [batch, positions, channels], { mask })` → context `[batch, units]`, weights
 * `[batch, 1, positions]`: uniform; zeros for a row whose positions are all masked.
 *
 * W_v starts at Glorot's uniform draws, so that a new layer is a drawn projection of the mean. It has no bias: that
 * would add the same to every context, as the classifier's does.
 *
 * Source: Psomas et al., "Attention, please! Revisiting attentive probing through the lens of efficiency", 2025
 * (https://arxiv.org/abs/2506.10178), whose ablations take the projection of values apart from the attention.
 *
 * @throws UserError for units or a seed that is no whole number
 */
export class ProjectionThenMeanPooling extends LearnedPooling<ValueProjectionParameters> {
  static className = "ProjectionThenMeanPooling";

  private readonly units: number;

  constructor(args: ProjectionThenMeanArgs) {
    super(args);
    this.units = requireWhole("ProjectionThenMeanPooling", "units", args.units, 1);
  }

  protected parametersFor(channels: number): Record<keyof ValueProjectionParameters, PoolingParameter> {
    return { valueProjection: { shape: [channels, this.units], start: "Glorot" } };
  }

  protected weigh({ tokens }: PoolingInputs, mask?: tf.Tensor2D): tf.Tensor3D {
    return uniformWeights(tokens!.shape[0]!, tokens!.shape[1]!, mask);
  }

  /** Projecting the mean is projecting each token and taking the mean, for a fraction of the work. */
  protected override pool(inputs: PoolingInputs, weights: tf.Tensor3D): tf.Tensor3D {
    const mean = super.pool(inputs, weights).squeeze<tf.Tensor2D>([1]);
    return mean.matMul(this.parameters.valueProjection).expandDims(1);
  }

  protected override contextSize(): number {
    return this.units;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), units: this.units };
  }
}

tf.serialization.registerClass(ProjectionThenMeanPooling);

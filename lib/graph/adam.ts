import * as tf from "@tensorflow/tfjs";
import { requireDecay, requireRate } from "../runtime/checks";
import { changeInPlace } from "./active-recorder";
import { numberTensor, Optimiser, rateTensor } from "./optimiser";

/** Settings of Adam; the paper's by default. */
export interface AdamOptions {
  /** Decay of the mean of the gradients. */
  beta1?: number;
  /** Decay of the mean of their squares. */
  beta2?: number;
  /** Added to the root of the second mean. */
  epsilon?: number;
}

/**
 * Adam (Kingma & Ba 2015, algorithm 1), its state in variables, so that a compiled step updates everything inside
 * the graph: one operation of TensorFlow a variable instead of eighteen. Eagerly it computes the same by
 * operations of tfjs. The learning rate is given to every step and may be a tensor: an input of the step.
 *
 * @example
 * const adam = new Adam(weights);
 * const step = compile(
 *   ({ x, y, learningRate }) => adam.minimize(() => loss(x, y), learningRate),
 *   { inputs: { x: [null, 1280], y: { shape: [null], dtype: "int32" }, learningRate: [] } },
 * );
 */
export class Adam extends Optimiser {
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  /** beta1 and beta2 to the power of the step that comes next. */
  private readonly powers: [tf.Variable<tf.Rank.R0>, tf.Variable<tf.Rank.R0>];
  private readonly means: tf.Variable[];
  private readonly squares: tf.Variable[];

  /** @param variables what it updates; it does not own them. */
  constructor(variables: readonly tf.Variable[], options: AdamOptions = {}) {
    super(variables);
    this.beta1 = requireDecay("Adam's beta1", options.beta1 ?? 0.9);
    this.beta2 = requireDecay("Adam's beta2", options.beta2 ?? 0.999);
    this.epsilon = requireRate("Adam's epsilon", options.epsilon ?? 1e-8);
    this.powers = [this.slot(tf.scalar(this.beta1)), this.slot(tf.scalar(this.beta2))];
    this.means = variables.map((variable) => this.slot(tf.zeros(variable.shape)));
    this.squares = variables.map((variable) => this.slot(tf.zeros(variable.shape)));
  }

  override apply(gradients: readonly tf.Tensor[], learningRate: tf.Scalar | number): void {
    this.requireReady(gradients);
    tf.tidy(() => {
      const rate = rateTensor(learningRate);
      const [power1, power2] = this.powers;
      // TensorFlow's operation adds epsilon to the uncorrected root; times this factor it is the paper's.
      const epsilon = tf.mul(tf.sqrt(tf.sub(1, power2)), this.epsilon);
      const [beta1, beta2] = [numberTensor(this.beta1), numberTensor(this.beta2)];
      for (const [i, variable] of this.variables.entries()) {
        const [mean, square, gradient] = [this.means[i]!, this.squares[i]!, gradients[i]!];
        changeInPlace(
          "ResourceApplyAdam",
          { T: { type: "float32" } },
          [variable, mean, square],
          [power1, power2, rate, beta1, beta2, epsilon, gradient],
          () => this.applyEagerly(variable, mean, square, gradient, { rate, beta1, beta2 }),
        );
      }
      power1.assign(tf.mul(power1, beta1));
      power2.assign(tf.mul(power2, beta2));
    });
  }

  private applyEagerly(
    variable: tf.Variable,
    mean: tf.Variable,
    square: tf.Variable,
    gradient: tf.Tensor,
    { rate, beta1, beta2 }: { rate: tf.Scalar; beta1: tf.Scalar; beta2: tf.Scalar },
  ): void {
    tf.tidy(() => {
      // 1 − beta is rounded to single precision in the averages as it is in their correction, so that both agree.
      mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, tf.sub(1, beta1))));
      square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), tf.sub(1, beta2))));
      const [power1, power2] = this.powers;
      const corrected = tf.div(mean, tf.sub(1, power1));
      const root = tf.sqrt(tf.div(square, tf.sub(1, power2)));
      variable.assign(tf.sub(variable, tf.mul(rate, tf.div(corrected, tf.add(root, this.epsilon)))));
    });
  }
}

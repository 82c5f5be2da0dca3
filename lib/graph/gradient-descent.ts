import * as tf from "@tensorflow/tfjs";
import { requireDecay } from "../runtime/checks";
import { changeInPlace } from "./active-recorder";
import { numberTensor, Optimiser, rateTensor } from "./optimiser";

/** Settings of gradient descent. */
export interface GradientDescentOptions {
  /** Share of the last step's direction that is kept, in [0, 1); 0 for plain descent. */
  momentum?: number;
}

/**
 * Gradient descent with momentum (Polyak 1964) in the form of PyTorch and TensorFlow: `a ← momentum · a + g`,
 * `w ← w − rate · a`. In a compiled step each variable's update is one operation of TensorFlow inside the graph.
 * @example const descent = new GradientDescent(weights, { momentum: 0.9 });
 */
export class GradientDescent extends Optimiser {
  private readonly momentum: number;
  private readonly accumulated: tf.Variable[];

  /** @param variables what it updates; it does not own them. */
  constructor(variables: readonly tf.Variable[], options: GradientDescentOptions = {}) {
    super(variables);
    this.momentum = requireDecay("The momentum", options.momentum ?? 0);
    this.accumulated = this.momentum ? variables.map((variable) => this.slot(tf.zeros(variable.shape))) : [];
  }

  override apply(gradients: readonly tf.Tensor[], learningRate: tf.Scalar | number): void {
    this.requireReady(gradients);
    tf.tidy(() => {
      const rate = rateTensor(learningRate);
      const momentum = numberTensor(this.momentum);
      const attributes = { T: { type: "float32" as const } };
      for (const [i, variable] of this.variables.entries()) {
        const [gradient, accumulated] = [gradients[i] as tf.Tensor, this.accumulated[i]];
        if (accumulated) {
          changeInPlace(
            "ResourceApplyMomentum",
            attributes,
            [variable, accumulated],
            [rate, gradient, momentum],
            () => {
              accumulated.assign(tf.add(tf.mul(accumulated, momentum), gradient));
              variable.assign(tf.sub(variable, tf.mul(rate, accumulated)));
            },
          );
        } else {
          changeInPlace("ResourceApplyGradientDescent", attributes, [variable], [rate, gradient], () =>
            variable.assign(tf.sub(variable, tf.mul(rate, gradient))),
          );
        }
      }
    });
  }
}

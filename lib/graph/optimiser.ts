import * as tf from "@tensorflow/tfjs";
import { requireBetween } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** Updates variables by their gradients, with a learning rate that is given anew at every step. */
export abstract class Optimiser {
  private readonly slots: tf.Variable[] = [];

  constructor(readonly variables: readonly tf.Variable[]) {
    requireVariables(variables);
  }

  /**
   * One step of descent.
   * @param gradients one for each variable, in their order.
   * @param learningRate a number, or a scalar tensor such as an input of a compiled step.
   */
  abstract apply(gradients: readonly tf.Tensor[], learningRate: tf.Scalar | number): void;

  /**
   * Computes a loss and its gradients, and takes one step down.
   * @returns the loss before the step.
   * @throws UserError when the loss does not depend on one of the variables.
   */
  minimize(loss: () => tf.Scalar, learningRate: tf.Scalar | number): tf.Scalar {
    return tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss, [...this.variables]);
      this.apply(
        this.variables.map((variable) => {
          const gradient = grads[variable.name];
          if (!gradient)
            throw new UserError(
              `The loss does not depend on the variable ${variable.name} (shape [${variable.shape.join(", ")}]); leave it out of the optimiser.`,
            );
          return gradient;
        }),
        learningRate,
      );
      return value;
    });
  }

  /** Frees the optimiser's own variables, not the ones that it updates. */
  dispose(): void {
    tf.dispose(this.slots);
  }

  /** @throws UserError where the optimiser or a variable of it was disposed, or a variable has no gradient. */
  protected requireReady(gradients: readonly tf.Tensor[]): void {
    if (this.slots.some(({ isDisposed }) => isDisposed))
      throw new UserError("This optimiser was disposed; make a new one.");
    const gone = this.variables.find(({ isDisposed }) => isDisposed);
    if (gone)
      throw new UserError(
        `The optimiser updates the variable ${gone.name}, which was disposed; make a new one.`,
      );
    const { length } = this.variables;
    if (gradients.length !== length)
      throw new UserError(
        `The optimiser has ${length} variables and was given ${gradients.length} gradients.`,
      );
  }

  /** Makes a variable of the optimiser's own out of its first value, which it frees. */
  protected slot<R extends tf.Rank>(initial: tf.Tensor<R>): tf.Variable<R> {
    const variable = tf.variable(initial, false);
    initial.dispose();
    this.slots.push(variable);
    return variable;
  }
}

/** @throws UserError for a list without variables, with something else in it, or with one of them twice */
function requireVariables(variables: readonly tf.Variable[]): void {
  if (!Array.isArray(variables) || variables.length === 0)
    throw new UserError(
      "An optimiser takes the variables that it updates, at least one: new Adam([weights]).",
    );
  const wrong = variables.findIndex((each) => !(each instanceof tf.Variable) || each.dtype !== "float32");
  if (wrong >= 0)
    throw new UserError(
      `Item ${wrong} of an optimiser's variables, counted from 0, is no float32 tf.Variable; of a layer's weight it is \`val\`.`,
    );
  const twice = variables.find((each, i) => variables.indexOf(each) !== i);
  if (twice) throw new UserError(`The optimiser is given the variable ${twice.name} twice. Give each once.`);
}

/** A learning rate as a scalar tensor. @throws UserError for a number that is NaN, infinite or negative */
export function rateTensor(rate: tf.Scalar | number): tf.Scalar {
  return numberTensor(typeof rate === "number" ? requireBetween("A learning rate", rate, 0, 3.4e38) : rate);
}

/** A number as a scalar tensor; a tensor as it is. */
export function numberTensor(value: tf.Scalar | number): tf.Scalar {
  return typeof value === "number" ? tf.scalar(value) : value;
}

import * as tf from "@tensorflow/tfjs";
import { Adam } from "../../graph/adam";
import { batchNormTraining } from "../../graph/batch-norm";
import type { compile } from "../../graph/compile";
import { GradientDescent } from "../../graph/gradient-descent";
import { insideStep } from "../../graph/inside-step";
import { softmaxCrossEntropy } from "../../graph/softmax-cross-entropy";
import { StepRandom } from "../../graph/step-random";
import { UserError } from "../../runtime/user-error";
import { type Observed, observe } from "./observation";
import { outside, type Program, prelude, worldText } from "./program";

/** What the text of a program builds. */
interface Built {
  steps: { dispose(): void }[];
  held(): { dispose(): void }[];
  actions: (() => unknown)[];
}

/** What an action gave: a value, or an error. */
export type Outcome = { value: Observed } | { error: Error; refused: boolean };

/** One run of a program: with `compile`, or with the same code eagerly. */
export class World {
  private readonly built: Built;
  private readonly variables: tf.Variable[] = [];

  constructor(
    program: Program,
    /** `compile`, or what stands in its place. */
    compiler: typeof compile,
    tensorFlow: typeof tf = tf,
  ) {
    const given = [
      tensorFlow,
      compiler,
      Adam,
      GradientDescent,
      StepRandom,
      softmaxCrossEntropy,
      batchNormTraining,
    ];
    const build = new Function(...outside, `${prelude}\n${worldText(program)}`) as (
      ...given: unknown[]
    ) => Built;
    this.built = this.watched(() => build(...given));
  }

  /** Does one action. */
  act(index: number): Outcome {
    return this.watched((): Outcome => {
      try {
        return { value: tf.tidy(() => observe(this.built.actions[index]!())) };
      } catch (error) {
        return { error: error as Error, refused: error instanceof UserError };
      }
    });
  }

  /** All variables in the order in which they were made: weights, slots of optimisers, states of random streams. */
  state(): Observed {
    return {
      list: this.variables.filter(({ isDisposed }) => !isDisposed).map((variable) => observe(variable)),
    };
  }

  dispose(): void {
    for (const step of this.built.steps) step.dispose();
    for (const held of this.built.held()) held.dispose();
    for (const variable of this.variables) if (!variable.isDisposed) variable.dispose();
  }

  /** Runs something and takes note of the variables that it makes. */
  private watched<T>(work: () => T): T {
    const before = new Set(Object.keys(tf.engine().registeredVariables));
    const result = work();
    for (const [name, variable] of Object.entries(tf.engine().registeredVariables))
      if (!before.has(name)) this.variables.push(variable);
    return result;
  }
}

/** A stand-in for `compile` that runs every call as it is written. */
export const eagerly = ((step: (inputs: unknown) => unknown) =>
  Object.assign(
    (given: Record<string, tf.Tensor | number>) =>
      tf.tidy(() => {
        const inputs = Object.entries(given).map(([name, x]) => [
          name,
          typeof x === "number" ? tf.scalar(x) : x,
        ]);
        // The gradients of activations that a step computes with are its own, and can be derived again, unlike tfjs's.
        return copied(insideStep(() => step(Object.fromEntries(inputs)))) as tf.TensorContainer;
      }),
    { sync: () => {}, dispose: () => {}, graphs: 0 },
  )) as unknown as typeof compile;

/** The same output in tensors of its own. */
function copied(output: unknown): unknown {
  if (output instanceof tf.Tensor) return output.clone();
  if (Array.isArray(output)) return output.map(copied);
  return Object.fromEntries(Object.entries(output as object).map(([name, each]) => [name, copied(each)]));
}

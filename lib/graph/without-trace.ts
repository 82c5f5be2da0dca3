import * as tf from "@tensorflow/tfjs";
import { fetchVariables, stateOf } from "./variable-state";

/** Values of variables at one moment, to be put back. */
export class Snapshot {
  private readonly values: { variable: tf.Variable; version: number; value: tf.Tensor }[];

  /** Takes the values of all variables that there are; nothing is copied. */
  constructor() {
    const variables = Object.values(tf.engine().registeredVariables);
    fetchVariables(variables);
    this.values = variables.map((variable) => ({
      variable,
      version: stateOf(variable).version,
      value: tf.keep(tf.clone(variable as tf.Tensor)),
    }));
  }

  /** The value that the variable had. */
  of(variable: tf.Variable): tf.Tensor | undefined {
    return this.values.find((each) => each.variable === variable)?.value;
  }

  /** Gives every variable its value back, as if it had never had another, and frees the snapshot. */
  restore(): void {
    for (const { variable, version, value } of this.values) {
      const state = stateOf(variable);
      if (state.isGone) value.dispose();
      else {
        state.take(value);
        state.version = version;
      }
    }
  }

  /** Frees the snapshot; the variables keep the values that they have. */
  discard(): void {
    for (const { value } of this.values) value.dispose();
  }
}

/** Runs work that leaves no trace in any variable. */
export function withoutTrace<T>(work: () => T): T {
  return withoutTape(() => {
    const before = new Snapshot();
    try {
      return work();
    } finally {
      before.restore();
    }
  });
}

interface TapeState {
  gradientDepth: number;
  kernelDepth: number;
  activeTape: { saved?: tf.Tensor[] | null }[] | null | undefined;
}

/** Runs work that no tape watches, even while gradients are taken around it. */
export function withoutTape<T>(work: () => T): T {
  const { state } = tf.engine() as unknown as { state: TapeState };
  const { gradientDepth, kernelDepth, activeTape } = state;
  Object.assign(state, { gradientDepth: 0, kernelDepth: 0, activeTape: undefined });
  try {
    return work();
  } finally {
    // Work that throws while it takes gradients itself leaves behind what their tape kept for the way back.
    for (const { saved } of state.activeTape ?? []) tf.dispose(saved ?? []);
    Object.assign(state, { gradientDepth, kernelDepth, activeTape });
  }
}

import * as tf from "@tensorflow/tfjs";

/** What holds newer values of variables than their `tf.Variable`s do, and gives them. */
export interface VariableHolder {
  read(variables: readonly tf.Variable[]): tf.Tensor[];
}

let givenValues = 0;

/**
 * What is known of a variable that a graph uses: which value it has, and where that is.
 *
 * An accessor takes the place of the variable's `dataId`, by which TensorFlow.js finds its values. Whoever is about to
 * use the variable, to read it, compute with it, save it or copy it, asks for the `dataId`, and the newest value is
 * fetched from the graph first; whoever assigns to it sets the `dataId`, and that counts, whichever tensor it is. A
 * graph's run costs nothing of this.
 */
export class VariableState {
  /** Names the value that the variable has; no two values of all variables have the same version. */
  version = ++givenValues;
  /** Who has the newest value; the `tf.Variable` itself where there is nobody. */
  holder: VariableHolder | undefined;
  private own: object;

  constructor(readonly variable: tf.Variable) {
    this.own = variable.dataId;
    Object.defineProperty(variable, "dataId", {
      get: () => {
        this.fetch();
        return this.own;
      },
      set: (dataId: object) => {
        this.own = dataId;
        this.assigned();
      },
      enumerable: true,
      configurable: true,
    });
  }

  /** Notes that the `tf.Variable` was assigned to. */
  assigned(): void {
    this.version = ++givenValues;
    this.holder = undefined;
  }

  /** Notes that a run gave the variable a new value, which the holder has. */
  changedIn(holder: VariableHolder): void {
    this.version = ++givenValues;
    this.holder = holder;
  }

  /** Brings the newest value to the `tf.Variable`. */
  fetch(): void {
    if (!this.holder) return;
    const [value] = this.holder.read([this.variable]);
    this.take(value as tf.Tensor);
  }

  /** Makes a tensor's values the variable's own. It is no assignment: they are the newest value already. */
  take(value: tf.Tensor): void {
    this.holder = undefined;
    tf.engine().disposeTensor(this.variable);
    this.own = value.dataId;
    // The variable owns the values now: the tensor that brought them is gone without freeing them.
    (value as unknown as { isDisposedInternal: boolean }).isDisposedInternal = true;
  }

  /** Whether the variable was disposed, by itself or together with all others. */
  get isGone(): boolean {
    const { variable } = this;
    return variable.isDisposed || tf.engine().registeredVariables[variable.name] !== variable;
  }
}

const states = new WeakMap<tf.Variable, VariableState>();

/** The state of a variable, which is watched from now on. */
export function stateOf(variable: tf.Variable): VariableState {
  let state = states.get(variable);
  if (!state) {
    state = new VariableState(variable);
    states.set(variable, state);
  }
  return state;
}

/** Brings the newest values to these `tf.Variable`s, with one call for each holder. */
export function fetchVariables(variables: Iterable<tf.Variable>): void {
  const held = new Map<VariableHolder, VariableState[]>();
  for (const variable of variables) {
    const state = states.get(variable);
    if (state?.holder) held.set(state.holder, [...(held.get(state.holder) ?? []), state]);
  }
  for (const [holder, states] of held)
    for (const [i, value] of holder.read(states.map(({ variable }) => variable)).entries())
      (states[i] as VariableState).take(value);
}

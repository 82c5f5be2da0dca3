import type * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { GraphSession } from "./session";
import { fetchVariables, stateOf, type VariableHolder, type VariableState } from "./variable-state";
import type { VariableNames } from "./write-graph";

/** A session's copy of one variable. */
interface Copy {
  state: VariableState;
  names: VariableNames;
  /** The version of the variable that the session has. */
  version: number | undefined;
}

/**
 * The copies of variables that live in one session. Several sessions may hold the same variable (one for every
 * batch shape, one for training and one for evaluation): before a run each fetches what is newer elsewhere, so
 * that they behave as if there were one copy.
 */
export class SessionVariables implements VariableHolder {
  private readonly copies = new Map<tf.Variable, Copy>();
  private readonly changing: Copy[];

  /** @param changing the variables that a run gives new values. */
  constructor(
    private readonly session: GraphSession,
    names: ReadonlyMap<tf.Variable, VariableNames>,
    changing: readonly tf.Variable[],
  ) {
    for (const [variable, each] of names)
      this.copies.set(variable, { state: stateOf(variable), names: each, version: undefined });
    this.changing = changing.map((variable) => this.copies.get(variable) as Copy);
  }

  /**
   * Makes every variable of the session as new as its newest copy.
   * @throws UserError naming a variable that was disposed.
   */
  refresh(): void {
    const stale: Copy[] = [];
    for (const copy of this.copies.values()) {
      const { state } = copy;
      if (state.isGone)
        throw new UserError(
          `The compiled step uses the variable ${state.variable.name}, which was disposed; dispose the step before its variables.`,
        );
      if (copy.version !== state.version) stale.push(copy);
    }
    if (stale.length > 0) this.update(stale);
  }

  /** Notes that a run gave the changing variables new values. */
  changed(): void {
    for (const copy of this.changing) {
      copy.state.changedIn(this);
      copy.version = copy.state.version;
    }
  }

  /** Brings the variables whose newest values are here back to their `tf.Variable`s. */
  sync(): void {
    const held = [...this.copies.values()].filter(({ state }) => state.holder === this);
    fetchVariables(held.map(({ state }) => state.variable));
  }

  read(variables: readonly tf.Variable[]): tf.Tensor[] {
    return this.session.run(
      new Map(),
      variables.map((variable) => (this.copies.get(variable) as Copy).names.value),
    );
  }

  private update(stale: readonly Copy[]): void {
    const feeds = new Map<string, tf.Tensor>();
    const borrowed = new Map<VariableHolder, Copy[]>();
    for (const copy of stale) {
      const { state, names } = copy;
      if (state.holder) borrowed.set(state.holder, [...(borrowed.get(state.holder) ?? []), copy]);
      else feeds.set(names.newValue, state.variable);
    }
    const lent: tf.Tensor[] = [];
    for (const [holder, copies] of borrowed)
      for (const [i, value] of holder.read(copies.map(({ state }) => state.variable)).entries()) {
        lent.push(value);
        feeds.set((copies[i] as Copy).names.newValue, value);
      }
    const done = this.session.run(
      feeds,
      stale.map(({ names }) => names.set),
    );
    for (const copy of stale) copy.version = copy.state.version;
    for (const tensor of [...done, ...lent]) tensor.dispose();
  }
}

import type * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { GraphSession } from "./session";
import type { VariableNames } from "./write-graph";

/** Which copy of a variable is the newest: the `tf.Variable`'s own tensor, or the one of a session. */
interface Newest {
  /** Grows with every change, wherever it happens. */
  version: number;
  /** The session that has it; the `tf.Variable` itself has it when there is none. */
  holder: SessionVariables | undefined;
  /** The tensor that the `tf.Variable` had when last looked at: another one means that it was assigned to. */
  seen: object;
}

const newest = new WeakMap<tf.Variable, Newest>();

function newestOf(variable: tf.Variable): Newest {
  let known = newest.get(variable);
  if (!known) {
    known = { version: 0, holder: undefined, seen: variable.dataId };
    newest.set(variable, known);
  }
  if (known.seen !== variable.dataId) {
    known.version++;
    known.holder = undefined;
    known.seen = variable.dataId;
  }
  return known;
}

/**
 * The copies of variables that live in one session. Several sessions may hold the same variable (one for every
 * batch shape, one for training and one for evaluation): before a run each fetches what is newer elsewhere, so
 * that they behave as if there were one copy.
 */
export class SessionVariables {
  private readonly versions = new Map<tf.Variable, number>();

  constructor(
    private readonly session: GraphSession,
    private readonly names: ReadonlyMap<tf.Variable, VariableNames>,
  ) {}

  /** Makes every variable of the session as new as its newest copy; an assignment to the `tf.Variable` counts. */
  refresh(): void {
    const feeds = new Map<string, tf.Tensor>();
    const sets: string[] = [];
    const borrowed = new Map<SessionVariables, tf.Variable[]>();
    for (const [variable, names] of this.names) {
      const { version, holder } = newestOf(variable);
      if (this.versions.get(variable) === version) continue;
      if (variable.isDisposed)
        throw new UserError(
          `The compiled step uses the variable ${variable.name}, which was disposed; dispose the step before its variables.`,
        );
      this.versions.set(variable, version);
      sets.push(names.set);
      feeds.set(names.newValue, variable);
      if (holder) borrowed.set(holder, [...(borrowed.get(holder) ?? []), variable]);
    }
    if (sets.length === 0) return;
    const values: tf.Tensor[] = [];
    for (const [holder, variables] of borrowed)
      for (const [i, value] of holder.read(variables).entries()) {
        values.push(value);
        feeds.set((this.names.get(variables[i]!) as VariableNames).newValue, value);
      }
    for (const tensor of [...this.session.run(feeds, sets), ...values]) tensor.dispose();
  }

  /** Notes that a run gave these variables new values. */
  changed(variables: readonly tf.Variable[]): void {
    for (const variable of variables) {
      const known = newestOf(variable);
      known.version++;
      known.holder = this;
      this.versions.set(variable, known.version);
    }
  }

  /** Brings the variables whose newest copy is here back to their `tf.Variable`s. */
  sync(): void {
    const held = [...this.names.keys()].filter(
      (variable) => !variable.isDisposed && newestOf(variable).holder === this,
    );
    if (held.length === 0) return;
    for (const [i, value] of this.read(held).entries()) {
      const variable = held[i] as tf.Variable;
      variable.assign(value);
      value.dispose();
      const known = newestOf(variable);
      // It is the same value, so the session's copy is not out of date.
      this.versions.set(variable, known.version);
    }
  }

  private read(variables: readonly tf.Variable[]): tf.Tensor[] {
    return this.session.run(
      new Map(),
      variables.map((variable) => (this.names.get(variable) as VariableNames).value),
    );
  }
}

/** Brings these variables back to their `tf.Variable`s, whichever session has the newest copy. */
export function syncVariables(variables: readonly tf.Variable[]): void {
  const holders = new Set(variables.map((variable) => newestOf(variable).holder));
  for (const holder of holders) holder?.sync();
}

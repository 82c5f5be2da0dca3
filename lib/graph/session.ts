import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { GraphWriter } from "./graph-writer";
import type { NativeBackend } from "./native-backend";

/**
 * Loads a graph into TensorFlow and returns the number under which the backend runs it.
 * @param savedModel the content of a file `saved_model.pb`, its graph under the tag "serve".
 */
export type LoadGraph = (savedModel: Uint8Array, backend: NativeBackend) => number;

let loadGraph: LoadGraph | undefined;

/**
 * Says how graphs are loaded. TensorFlow's C library takes them from the disk only, which the core does not touch;
 * until somebody has said how, compiled steps run eagerly.
 */
export function loadGraphsBy(load: LoadGraph): void {
  loadGraph = load;
}

/** Whether graphs can be loaded. */
export function canLoadGraphs(): boolean {
  return loadGraph !== undefined;
}

/** A graph loaded into TensorFlow: it runs as one call, and keeps the variables that its operations name. */
export class GraphSession {
  private id: number | undefined;

  /** @throws Error where nobody has said how graphs are loaded. */
  constructor(
    private readonly backend: NativeBackend,
    graph: GraphWriter,
  ) {
    if (!loadGraph) throw new Error("Nobody has said how graphs are loaded: call `loadGraphsBy` first.");
    this.id = loadGraph(graph.savedModel(), backend);
  }

  /**
   * Runs what `fetches` need and no more.
   * @param feeds values of placeholders, by name.
   * @param fetches names of operations whose first output is wanted.
   */
  run(feeds: ReadonlyMap<string, tf.Tensor>, fetches: readonly string[]): tf.Tensor[] {
    if (this.id === undefined) throw new Error("The graph was disposed; compile the step again.");
    const names = [...feeds.keys()].map((name) => ({ name: `${name}:0` }));
    const outputs = fetches.map((name) => `${name}:0`);
    const tensors = this.runOrExplain(this.id, [...feeds.values()], names, outputs);
    if (tf.getBackend() !== "tensorflow") this.claim(tensors);
    return tensors;
  }

  /** Frees the graph and its variables. */
  dispose(): void {
    if (this.id !== undefined) this.backend.deleteSavedModel(this.id);
    this.id = undefined;
  }

  /** What fails in a graph that was loaded is what it was given: an index out of range, sizes that don't fit. */
  private runOrExplain(...[id, ...rest]: Parameters<NativeBackend["runSavedModel"]>): tf.Tensor[] {
    try {
      return this.backend.runSavedModel(id, ...rest);
    } catch (error) {
      const why = /^Session fail to run with error: (.*)/.exec((error as Error).message)?.[1];
      if (why === undefined) throw error;
      throw new UserError(`A compiled step can't compute with these inputs: ${why.replace(/\.$/, "")}.`);
    }
  }

  /** Says whose the tensors are: a variable can be read from its graph while another backend is the chosen one. */
  private claim(tensors: readonly tf.Tensor[]): void {
    const { tensorInfo } = (
      tf.engine() as unknown as { state: { tensorInfo: WeakMap<object, { backend: object }> } }
    ).state;
    for (const { dataId } of tensors) (tensorInfo.get(dataId) as { backend: object }).backend = this.backend;
  }
}

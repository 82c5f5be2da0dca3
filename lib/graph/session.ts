import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as tf from "@tensorflow/tfjs";
import type { GraphWriter } from "./graph-writer";
import type { NativeBackend } from "./native-backend";

/** A graph loaded into TensorFlow: it runs as one call, and keeps the variables that its operations name. */
export class GraphSession {
  private id: number | undefined;

  /** Loads the graph through a temporary folder, which is gone when this returns. */
  constructor(
    private readonly backend: NativeBackend,
    graph: GraphWriter,
  ) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `attention-graph-${process.pid}-`));
    try {
      fs.writeFileSync(path.join(folder, "saved_model.pb"), graph.savedModel());
      // The addon wants the tags as a list with a comma at its end.
      this.id = backend.binding.loadSavedModel(folder, "serve,");
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
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
    return this.backend.runSavedModel(this.id, [...feeds.values()], names, outputs);
  }

  /** Frees the graph and its variables. */
  dispose(): void {
    if (this.id !== undefined) this.backend.deleteSavedModel(this.id);
    this.id = undefined;
  }
}

import * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./native-backend";
import { areAlive, capturedBy, changedVariables, type Recording } from "./recording";
import { GraphSession } from "./session";
import { SessionVariables } from "./shared-variables";
import type { NamedTensors } from "./step";
import { inputName, nothing, type WrittenGraph } from "./write-graph";

/** A recorded step, loaded: runs as one call on inputs of the shapes that its placeholders allow. */
export class CompiledGraph {
  /** The variables that a run changes. */
  readonly changes: readonly tf.Variable[];
  /** Bytes of its constants and variables, about what it takes of memory. */
  readonly bytes: number;
  private readonly session: GraphSession;
  private readonly variables: SessionVariables;
  private readonly outputs: string[];
  private readonly inputs: string[];
  private readonly captured: readonly object[];

  constructor(
    backend: NativeBackend,
    readonly recording: Recording,
    written: WrittenGraph,
  ) {
    this.session = new GraphSession(backend, written.graph);
    this.changes = changedVariables(recording);
    this.variables = new SessionVariables(this.session, written.variables, this.changes);
    this.outputs = written.outputs;
    this.captured = capturedBy(recording);
    this.inputs = recording.inputs.map(({ name }) => name);
    const numbers = [
      ...recording.constants.map(({ shape }) => shape),
      ...recording.variables.map(({ shape }) => shape),
    ];
    this.bytes = 4 * numbers.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  }

  /** Whether every tensor outside of the step that became part of the graph is still there. */
  get isAlive(): boolean {
    return areAlive(this.captured);
  }

  run(inputs: NamedTensors): tf.Tensor[] {
    this.variables.refresh();
    const feeds = new Map(this.inputs.map((name, i) => [inputName(i), inputs[name] as tf.Tensor]));
    const asked = this.outputs.length > 0 ? this.outputs : [nothing];
    const given = this.session.run(feeds, asked);
    this.variables.changed();
    if (this.outputs.length > 0) return given;
    tf.dispose(given);
    return [];
  }

  sync(): void {
    this.variables.sync();
  }

  /** Brings the variables back and frees the session. */
  dispose(): void {
    this.variables.sync();
    this.session.dispose();
  }
}

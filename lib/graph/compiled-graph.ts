import type * as tf from "@tensorflow/tfjs";
import type { NativeBackend } from "./native-backend";
import { changedVariables, type Recording } from "./recording";
import { GraphSession } from "./session";
import { SessionVariables } from "./shared-variables";
import type { NamedTensors } from "./step";
import { inputName, type WrittenGraph } from "./write-graph";

/** A recorded step, loaded: runs as one call on inputs of the shapes that its placeholders allow. */
export class CompiledGraph {
  private readonly session: GraphSession;
  private readonly variables: SessionVariables;
  private readonly outputs: string[];
  private readonly inputs: string[];
  private readonly changes: tf.Variable[];

  constructor(backend: NativeBackend, recording: Recording, written: WrittenGraph) {
    this.session = new GraphSession(backend, written.graph);
    this.variables = new SessionVariables(this.session, written.variables);
    this.outputs = written.outputs;
    this.inputs = recording.inputs.map(({ name }) => name);
    this.changes = changedVariables(recording);
  }

  run(inputs: NamedTensors): tf.Tensor[] {
    this.variables.refresh();
    const feeds = new Map(this.inputs.map((name, i) => [inputName(i), inputs[name] as tf.Tensor]));
    const outputs = this.session.run(feeds, this.outputs);
    this.variables.changed(this.changes);
    return outputs;
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

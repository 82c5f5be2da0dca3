import type { CompiledGraph } from "./compiled-graph";
import type { Recording } from "./recording";

/** What is known of a step at one combination of input shapes; nothing before its first call there. */
export type ShapeState =
  /** It ran once. */
  | { stage: "recorded"; recording: Recording }
  /** It is known to do the same at every run: the next call makes a graph. */
  | { stage: "repeated"; recording: Recording }
  | { stage: "compiled"; graph: CompiledGraph }
  /** TensorFlow takes no graph of it, for example where eager operations give an empty tensor another shape. */
  | { stage: "eager" };

/** Graphs of one step that together take more than this make way for new ones, where `keep` says nothing. */
const defaultBytes = 2 ** 30;

/** The states of one step's shapes. Where memory is short, the graph unused for longest is let go. */
export class ShapeStates {
  private readonly states = new Map<string, ShapeState>();
  private told = false;

  /** @param keep how many graphs are kept; as many as fit into a gibibyte otherwise. */
  constructor(private readonly keep: number | undefined) {}

  /** The state of a shape, which counts as used now. */
  get(key: string): ShapeState | undefined {
    const state = this.states.get(key);
    if (state) this.set(key, state);
    return state;
  }

  set(key: string, state: ShapeState): void {
    this.states.delete(key);
    this.states.set(key, state);
  }

  /** Frees what is known of a shape. */
  delete(key: string): void {
    const state = this.states.get(key);
    if (state?.stage === "compiled") state.graph.dispose();
    this.states.delete(key);
  }

  clear(): void {
    for (const key of [...this.states.keys()]) this.delete(key);
  }

  get graphs(): CompiledGraph[] {
    return [...this.states.values()].flatMap((state) => (state.stage === "compiled" ? state.graph : []));
  }

  /** Lets graphs go until the rest, the newest always, fits; says so once. */
  makeRoom(): void {
    const limit = this.keep ?? defaultBytes;
    let used = this.graphs.reduce((sum, graph) => sum + this.cost(graph), 0);
    const oldestFirst = [...this.states].slice(0, -1);
    for (const [key, state] of oldestFirst) {
      if (used <= limit) return;
      if (state.stage !== "compiled") continue;
      used -= this.cost(state.graph);
      this.delete(key);
      this.tell(key);
    }
  }

  private cost(graph: CompiledGraph): number {
    return this.keep === undefined ? graph.bytes : 1;
  }

  private tell(key: string): void {
    if (this.told) return;
    this.told = true;
    const limit = this.keep === undefined ? "they would take more than 1 GiB" : `\`keep\` is ${this.keep}`;
    console.warn(
      `A compiled step let the graph for inputs of ${key} go, since ${limit}. Calls at those shapes are recorded ` +
        "anew and run eagerly first. Give `compile` a larger `keep`, or let inputs come in fewer shapes.",
    );
  }
}

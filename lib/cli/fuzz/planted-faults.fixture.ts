import type { CompiledGraph } from "../../graph/compiled-graph";
import { BatchRules } from "../../graph/dynamic-batch";
import { stepRegistry } from "../../graph/inside-step";
import { ShapeStates } from "../../graph/shape-states";
import { SessionVariables } from "../../graph/shared-variables";
import { StepGraphs } from "../../graph/step-graphs";
import { tape } from "../../graph/tape";
import { VariableState } from "../../graph/variable-state";

/** A mechanism of `compile` that can be broken while the fuzzer looks. */
export interface PlantedFault {
  name: string;
  /** Breaks the mechanism and returns how to mend it. */
  plant(): () => void;
}

/** One for each kind of wrong result that `compile` once gave in silence. */
export const plantedFaults: readonly PlantedFault[] = [
  {
    name: "assigning the same tensor again is not noticed",
    plant: () => {
      const last = new WeakMap<object, object>();
      return replace(
        VariableState.prototype,
        "assigned",
        (assigned) =>
          function (this: VariableState) {
            const { own } = this as unknown as { own: object };
            if (last.get(this) === own) return;
            last.set(this, own);
            assigned.call(this);
          },
      );
    },
  },
  {
    name: "a graph for every batch size is believed at sizes that were not seen",
    plant: () => replace(BatchRules.prototype, "holdFor", () => () => true),
  },
  {
    name: "no gradient flows through a graph",
    plant: () => replace(tape, "isOn", () => () => false),
  },
  {
    name: "the form of the output is kept once for all shapes",
    plant: () => {
      const forms = new WeakMap<object, CompiledGraph["recording"]["form"]>();
      return replace(
        StepGraphs.prototype as unknown as Internals,
        "runGraph",
        (runGraph) =>
          function (this: object, ...[backend, inputs, graph, expected]: Parameters<Internals["runGraph"]>) {
            const { recording } = graph;
            const form = forms.get(this) ?? recording.form;
            forms.set(this, form);
            const { form: right } = recording;
            recording.form = form;
            try {
              return runGraph.call(this, backend, inputs, graph, expected);
            } finally {
              recording.form = right;
            }
          },
      );
    },
  },
  {
    name: "what a step computes with stays in the registries of TensorFlow.js",
    plant: () => {
      const leaving: (() => void)[] = [];
      const mend = replace(stepRegistry, "enter", (enter) => () => {
        leaving.push(enter());
        return () => {};
      });
      return () => {
        for (const leave of leaving.reverse()) leave();
        mend();
      };
    },
  },
  {
    name: "reading a variable gives the value from before the graph's runs",
    plant: () => replace(VariableState.prototype, "fetch", () => () => {}),
  },
  {
    name: "a graph that is let go takes the values of its variables along",
    plant: () => {
      let makingRoom = false;
      const mend = [
        replace(
          ShapeStates.prototype,
          "makeRoom",
          (makeRoom) =>
            function (this: ShapeStates) {
              makingRoom = true;
              makeRoom.call(this);
              makingRoom = false;
            },
        ),
        replace(
          SessionVariables.prototype,
          "sync",
          (sync) =>
            function (this: SessionVariables) {
              if (!makingRoom) return sync.call(this);
              const { copies } = this as unknown as { copies: Map<unknown, { state: VariableState }> };
              for (const { state } of copies.values()) if (state.holder === this) state.holder = undefined;
            },
        ),
      ];
      return () => {
        for (const each of mend) each();
      };
    },
  },
  {
    name: "a check is not made, and the closure stays frozen",
    plant: () =>
      replace(
        StepGraphs.prototype as unknown as Internals,
        "runGraph",
        (runGraph) =>
          function (this: { options: object }, ...given: Parameters<Internals["runGraph"]>) {
            this.options = { ...this.options, check: undefined };
            return runGraph.apply(this, given);
          },
      ),
  },
];

/** What is private in `StepGraphs`. */
interface Internals {
  runGraph(backend: unknown, inputs: unknown, graph: CompiledGraph, expected: unknown): unknown;
}

/** Puts a function of one's own in the place of a method and returns how to put the method back. */
function replace<T extends object, K extends keyof T>(
  target: T,
  name: K,
  make: (method: T[K]) => T[K],
): () => void {
  const method = target[name];
  target[name] = make(method);
  return () => {
    target[name] = method;
  };
}

import type { InputDeclarations, NamedTensors, StepOutput } from "./step";

/** What `compile` lets choose besides the inputs. */
export interface GraphOptions {
  keep?: number | undefined;
  check?: number | undefined;
}

/** Runs the calls of one compiled step on a backend that has no graphs of TensorFlow, and repeats them in a way of its own. */
export interface StepRunner<Output extends StepOutput> {
  /** Runs the step; `eagerly` runs it as it is written. */
  call(inputs: NamedTensors, eagerly: () => Output): Output;
  dispose(): void;
  /** How many recordings are ready to be repeated. */
  readonly count: number;
}

/** Makes the runner of a step. */
export type MakeStepRunner = <Output extends StepOutput>(
  step: (inputs: NamedTensors) => Output,
  declarations: InputDeclarations,
  options: GraphOptions,
) => StepRunner<Output>;

const makers = new Map<string, MakeStepRunner>();

/** Says how steps are compiled on a backend; the backend brings it along when it is started. */
export function registerStepRunner(backend: string, make: MakeStepRunner): void {
  makers.set(backend, make);
}

/** How steps are compiled on a backend; undefined where they run eagerly or as graphs of TensorFlow. */
export function stepRunnerOf(backend: string): MakeStepRunner | undefined {
  return makers.get(backend);
}

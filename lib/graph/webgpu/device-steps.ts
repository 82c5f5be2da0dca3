import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { insideStep } from "../inside-step";
import { areAlive } from "../recording";
import type { InputDeclarations, NamedTensors, StepOutput } from "../step";
import { type GraphOptions, registerStepRunner, type StepRunner } from "../step-runner";
import { tape } from "../tape";
import { submit, type WebGpuBackend } from "./interfaces";
import { record, type Shared } from "./record";
import { type DeviceRecording, differenceBetween } from "./recording";
import { SharedBuffers } from "./recording-buffers";
import { replay } from "./replay";
import { VariablePlaces } from "./variable-places";

/** What is known of a step at one combination of input shapes. */
type State =
  /** It ran once; the next run has to do the same. */
  | { stage: "recorded"; recording: DeviceRecording }
  /** It is known to do the same at every run. */
  | { stage: "repeated"; recording: DeviceRecording }
  | { stage: "eager" };

/** How many combinations of shapes are kept, where the caller does not say. */
const KEPT = 16;

/** Records the calls of one step on the WebGPU backend and repeats them. */
class DeviceSteps<Output extends StepOutput> implements StepRunner<Output> {
  /** The shapes used last come last. */
  private readonly states = new Map<string, State>();
  private repeats = false;
  private createdBefore = false;

  constructor(
    private readonly backend: WebGpuBackend,
    private readonly shared: Shared,
    private readonly step: (inputs: NamedTensors) => Output,
    private readonly options: GraphOptions,
  ) {}

  get count(): number {
    return [...this.states.values()].filter(({ stage }) => stage === "repeated").length;
  }

  call(inputs: NamedTensors, eagerly: () => Output): Output {
    // Gradients around the call are taken of the operations that it is made of.
    if (tape.isOn()) return eagerly();
    const key = keyOf(inputs);
    const state = this.states.get(key);
    if (state?.stage === "eager") return eagerly();
    if (state && !areAlive(state.recording.captured)) {
      this.forget(key);
      return this.call(inputs, eagerly);
    }
    if (state?.stage !== "repeated") return this.record(key, inputs, state?.recording);
    this.states.delete(key);
    this.states.set(key, state);
    const { form } = state.recording;
    return form.fill(replay(this.backend, this.shared.places, state.recording, inputs)) as Output;
  }

  dispose(): void {
    for (const key of [...this.states.keys()]) this.forget(key);
    this.repeats = false;
  }

  private record(key: string, inputs: NamedTensors, before: DeviceRecording | undefined): Output {
    const { outputs, recording, created } = insideStep(() =>
      record(this.backend, this.shared, this.step, inputs),
    );
    // An optimiser creates its slots in its first step; what is created at every step would never end.
    if (created.length > 0 && this.createdBefore)
      throw new UserError(
        `The step creates the variable ${created[0]} at every call; create it once, outside the step.`,
      );
    this.createdBefore = created.length > 0;
    if (recording) this.shared.recordings++;
    if (created.length > 0) return outputs;
    const difference = before && recording && differenceBetween(before, recording);
    this.forget(key);
    if (!recording) {
      this.states.set(key, { stage: "eager" });
      return outputs;
    }
    if (difference) {
      this.discard(recording);
      this.dispose();
      throw difference;
    }
    this.repeats ||= before !== undefined;
    this.states.set(key, { stage: this.repeats ? "repeated" : "recorded", recording });
    this.makeRoom();
    return outputs;
  }

  private makeRoom(): void {
    const most = this.options.keep ?? KEPT;
    const oldest = [...this.states.keys()].slice(0, Math.max(0, this.states.size - most));
    for (const key of oldest) this.forget(key);
  }

  private forget(key: string): void {
    const state = this.states.get(key);
    this.states.delete(key);
    if (!state || state.stage === "eager") return;
    this.discard(state.recording);
  }

  private discard(recording: DeviceRecording): void {
    submit(this.backend);
    recording.discard();
    if (--this.shared.recordings === 0) this.shared.buffers.clear(this.backend.bufferManager);
  }
}

/** Lets `compile` record and repeat steps on TensorFlow.js's WebGPU backend, which has been started. */
export function repeatStepsOnWebGpu(): void {
  let shared: { backend: WebGpuBackend; parts: Shared } | undefined;
  registerStepRunner("webgpu", (step, _declarations: InputDeclarations, options) => {
    const backend = tf.backend() as unknown as WebGpuBackend;
    if (shared?.backend !== backend)
      shared = {
        backend,
        parts: { places: new VariablePlaces(backend), buffers: new SharedBuffers(), recordings: 0 },
      };
    return new DeviceSteps(backend, shared.parts, step, options);
  });
}

function keyOf(inputs: NamedTensors): string {
  return Object.entries(inputs)
    .map(([name, { shape }]) => `${name} [${shape.join(", ")}]`)
    .join(", ");
}

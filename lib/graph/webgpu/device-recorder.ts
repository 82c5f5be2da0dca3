import type * as tf from "@tensorflow/tfjs";
import type { ActiveRecorder, InPlaceChange } from "../active-recorder";
import { replaceMember, runningOperation } from "../interception";
import { refuseHostRead, refuseOther, refuseRandomness } from "../refusals";
import { adamUpdate, applyAdam } from "./apply-adam";
import { interceptDevice, type ProgramRun } from "./device-interception";
import {
  dispatch,
  encoderOf,
  type GpuBuffer,
  type ProgramUniforms,
  submit,
  TENSOR_USAGE,
  type WebGpuBackend,
  type WebGpuProgram,
} from "./interfaces";
import type { Command } from "./recording";
import { RecordingBuffers, type SharedBuffers } from "./recording-buffers";
import { nameOfCaptured, nameOfConstant } from "./source-names";
import type { VariablePlace, VariablePlaces } from "./variable-places";

/**
 * Writes down the programs that TensorFlow.js's WebGPU backend runs while a step runs eagerly: what ran, on which buffers.
 * It listens between `attach` and `detach`. A refusal is remembered, since where it comes up the step is half done.
 */
export class DeviceRecorder implements ActiveRecorder {
  readonly commands: Command[] = [];
  /** Buffers that belong to the recording alone. */
  readonly held: GpuBuffer[] = [];
  readonly captured = new Set<object>();
  readonly places = new Map<tf.Variable, VariablePlace>();
  readonly changedInPlace = new Set<tf.Variable>();
  /** Why the step can't be repeated. */
  refusal: Error | undefined;
  /** Whether the step is to run eagerly for good: it draws random numbers in a way that only eager code has. */
  eagerForGood = false;
  /** Tensors in buffers of the recording: its inputs, constants and intermediate ones. */
  private readonly own = new Set<object>();
  /** Tensors that programs wrote. */
  private readonly intermediate = new Set<object>();
  private readonly made = new WeakSet<object>();
  private readonly sources = new Map<object, string>();
  private readonly varying = new WeakSet<object>();
  private readonly variables: Map<object, tf.Variable>;
  private readonly buffers: RecordingBuffers;
  private readonly uniforms = new Map<string, { buffer: GpuBuffer }>();
  private readonly pool: WebGpuBackend["bufferManager"];
  private stopListening: () => void = () => {};
  private drawing = false;

  constructor(
    private readonly backend: WebGpuBackend,
    readonly variablePlaces: VariablePlaces,
    shared: SharedBuffers,
    variables: Iterable<tf.Variable>,
  ) {
    this.pool = backend.bufferManager;
    this.buffers = new RecordingBuffers(this.pool, shared);
    this.variables = new Map([...variables].map((variable) => [variable.dataId, variable]));
  }

  /** Says which tensor is an input of the step. */
  nameInput(dataId: object, name: string): void {
    this.made.add(dataId);
    this.own.add(dataId);
    this.varying.add(dataId);
    this.sources.set(dataId, `input ${name}`);
  }

  /** Where a tensor's numbers come from, as a name that is the same in two runs that do the same. */
  sourceOf(dataId: object): string {
    const variable = this.variables.get(dataId);
    const source = this.sources.get(dataId);
    if (source) return source;
    if (variable) return `variable ${variable.id}`;
    return this.made.has(dataId)
      ? nameOfConstant(this.backend.tensorMap.get(dataId))
      : nameOfCaptured(dataId);
  }

  /** The buffer in which a tensor lies when the step ends. */
  bufferOf(dataId: object): GpuBuffer {
    this.use(dataId);
    this.backend.uploadToGPU(dataId);
    return this.backend.tensorMap.get(dataId).resource as GpuBuffer;
  }

  /** Gives what lives on in buffers of the recording, such as its results, buffers of their own. */
  leaveBuffers(): void {
    const { backend } = this;
    submit(backend);
    const { tensorMap } = backend;
    const held = new Set(this.held);
    for (const dataId of this.own) {
      const data = tensorMap.has(dataId) ? tensorMap.get(dataId) : undefined;
      const from = data?.resource;
      if (!data || !from || !(held.has(from) || this.buffers.holds(from))) continue;
      const to = this.inPool(() => backend.bufferManager.acquireBuffer(from.size, TENSOR_USAGE));
      encoderOf(backend).copyBufferToBuffer(from, 0, to, 0, from.size);
      if (this.buffers.holds(from)) this.buffers.releaseBuffer(from);
      Object.assign(data, { resource: to, external: false });
    }
    submit(backend);
  }

  /** The place of a variable that the step gave another value. */
  placeToFill(variable: tf.Variable): VariablePlace {
    let place = this.places.get(variable);
    if (!place) {
      place = this.inPool(() => this.variablePlaces.takeToFill(variable));
      this.places.set(variable, place);
    }
    return place;
  }

  /** The place of a variable, which counts as used by the recording. */
  placeOf(variable: tf.Variable, dataId: object): VariablePlace {
    let place = this.places.get(variable);
    if (!place) {
      place = this.inPool(() => this.variablePlaces.take(variable, dataId));
      this.places.set(variable, place);
    }
    return place;
  }

  /** Gives up what the recording took. */
  discard(): void {
    for (const place of this.places.values()) this.variablePlaces.leave(place);
    for (const buffer of this.held) this.pool.releaseBuffer(buffer);
  }

  changeInPlace({ kind, changes }: InPlaceChange, inputs: tf.Tensor[], _eagerly: () => void): boolean {
    const update = kind === "ResourceApplyAdam" ? adamUpdate(inputs) : undefined;
    if (!update || update.decays.some(({ dataId }) => this.varying.has(dataId))) return false;
    const { backend } = this;
    const untouched = changes.every(
      ({ dataId }, i) => this.variables.get(dataId) === changes[i] && backend.refCount(dataId) === 1,
    );
    if (!untouched) return false;
    const touched = [...changes, ...update.read].map(({ dataId }) => dataId);
    const buffers = touched.map((dataId) => this.bufferOf(dataId));
    // Two tensors of one buffer would be bound for reading and writing at once.
    if (new Set(buffers).size < buffers.length) return false;
    const sources = touched.map((dataId) => this.sourceOf(dataId));
    const own = applyAdam(backend, buffers, update);
    this.held.push(own.uniforms);
    const index = this.commands.push({ ...own, kind, inputs: sources, told: own.told }) - 1;
    dispatch(backend, own);
    for (const dataId of touched) backend.commandQueueOwnedIds.add(dataId);
    for (const [k, variable] of changes.entries()) {
      this.changedInPlace.add(variable);
      this.sources.set(variable.dataId, `result ${index}.${k}`);
    }
    return true;
  }

  drawAnew<T>(draw: () => T): T {
    this.eagerForGood = true;
    this.drawing = true;
    try {
      return draw();
    } finally {
      this.drawing = false;
    }
  }

  /** Begins to listen. */
  attach(): void {
    this.stopListening = interceptDevice(this.backend, this.buffers, {
      wrote: (dataId) => this.made.add(dataId),
      uses: (dataId) => this.use(dataId),
      uploads: (dataId, original) => this.upload(dataId, original),
      tells: (uniforms, original) => this.uniformsOf(uniforms, original),
      runs: (run, work) => this.add(run, work),
      reads: (dataId) => this.read(dataId),
      drawsRandomly: (what) => (this.drawing ? undefined : this.refuse(refuseRandomness(what))),
    });
  }

  /** Stops listening. */
  detach(): void {
    this.stopListening();
  }

  /** Runs what takes buffers that are not intermediate. */
  inPool<T>(work: () => T): T {
    const restore = replaceMember(this.backend, "bufferManager", this.pool);
    try {
      return work();
    } finally {
      restore();
    }
  }

  /** Notes that a tensor is about to be used: a variable has its place from now on, what is outside is captured. */
  private use(dataId: object): void {
    const variable = this.variables.get(dataId);
    if (variable) {
      this.varying.add(dataId);
      this.placeOf(variable, dataId);
    } else if (!this.made.has(dataId)) this.captured.add(dataId);
  }

  private upload(dataId: object, original: (dataId: object) => void): void {
    const data = this.backend.tensorMap.get(dataId);
    if (data.resource) return;
    if (!this.made.has(dataId)) {
      this.inPool(() => original(dataId));
      return;
    }
    if (!data.values) {
      original(dataId);
      this.intermediate.add(dataId);
      this.own.add(dataId);
      return;
    }
    // A constant: it is not written again, so nothing else may lie in its buffer.
    this.sources.set(dataId, this.sourceOf(dataId));
    this.inPool(() => original(dataId));
    data.external = true;
    this.own.add(dataId);
    this.held.push(data.resource as unknown as GpuBuffer);
  }

  private uniformsOf(
    uniforms: ProgramUniforms,
    original: (uniforms: ProgramUniforms) => { buffer: GpuBuffer },
  ): { buffer: GpuBuffer } {
    const key = told(uniforms);
    let made = this.uniforms.get(key);
    if (!made) {
      made = original(uniforms);
      // The backend would use the buffer again.
      this.backend.uniformPendingDisposal.pop();
      this.held.push(made.buffer);
      this.uniforms.set(key, made);
    }
    return made;
  }

  private add({ program, output, inputs, uniforms }: ProgramRun, work: () => object): void {
    for (const { dataId } of inputs) this.use(dataId);
    const { tensorMap } = this.backend;
    if (!this.intermediate.has(output.dataId))
      throw this.refuse(
        refuseOther(
          `The operation ${kindOf(program)} writes over numbers that the step was given, which can't be repeated`,
        ),
      );
    const sources = inputs.map(({ dataId }) => this.sourceOf(dataId));
    // A program may add to what lies in its output already.
    const before = this.sources.get(output.dataId) ?? "";
    const index = this.commands.length;
    this.commands.push({
      kind: kindOf(program),
      inputs: [...sources, before],
      told: `${told(uniforms ?? [])} ${[...inputs, output].map(({ shape }) => `[${shape}]`).join("")}`,
      group: work(),
      pipeline: program.pipeline,
      dispatch: program.dispatch,
    });
    this.sources.set(output.dataId, `result ${index} ${tensorMap.get(output.dataId).dtype}`);
    if (inputs.some(({ dataId }) => this.varying.has(dataId))) this.varying.add(output.dataId);
  }

  private read(dataId: object): Error | undefined {
    this.use(dataId);
    if (this.varying.has(dataId)) this.refuse(refuseHostRead());
    return this.refusal;
  }

  private refuse(error: Error): Error {
    this.refusal ??= error;
    return this.refusal;
  }
}

function kindOf(program: WebGpuProgram): string {
  return runningOperation() ?? program.constructor.name;
}

/** What a program is told, as a text; NaN and infinity, which JSON does not have, stand in every one at the same place. */
function told(uniforms: ProgramUniforms): string {
  return uniforms.map(({ type, data }) => `${type} ${data.join()}`).join(";");
}

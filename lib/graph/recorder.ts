import type * as tf from "@tensorflow/tfjs";
import type { ActiveRecorder } from "./active-recorder";
import type { GraphDataType } from "./graph-writer";
import { intercept, nativeIds } from "./interception";
import {
  graphAttribute,
  type NativeAttribute,
  type NativeBackend,
  type NativeOutput,
} from "./native-backend";
import {
  type RecordedConstant,
  type RecordedOperation,
  type Recording,
  sameKind,
  sameValue,
  type ValueSource,
} from "./recording";
import { refuseDifference, refuseHostRead, refuseOther, refuseRandomness } from "./refusals";
import { simplify } from "./simplify";

interface Traced {
  source: ValueSource;
  /** Whether the value can differ between two runs. */
  varies: boolean;
}

/**
 * Writes down the operations of TensorFlow that the native addon executes while a step runs eagerly.
 *
 * It listens between `attach` and `detach`, and knows every value by the number that the addon gave it. A refusal is remembered
 * rather than thrown where throwing would leave the step half done.
 */
export class Recorder implements ActiveRecorder {
  readonly operations: RecordedOperation[] = [];
  readonly constants: RecordedConstant[] = [];
  /** Why the step can't be a graph. */
  refusal: Error | undefined;
  /** Where the step did something else than expected, first. */
  difference: Error | undefined;
  private readonly traced = new Map<number, Traced>();
  private readonly described = new Map<number, tf.TensorInfo>();
  private readonly written = new WeakSet<object>();
  private readonly usedVariables = new Set<tf.Variable>();
  private paused = false;
  private stopListening: () => void = () => {};

  /** @param expected an earlier recording of the same step, which this one is compared with. */
  constructor(
    private readonly backend: NativeBackend,
    private readonly expected: Recording | undefined,
  ) {}

  /** Says what a tensor that exists before the step stands for. */
  name(tensor: tf.Tensor, source: ValueSource): void {
    this.traced.set(this.idOf(tensor), { source, varies: true });
  }

  /** Where a tensor's value comes from; a tensor of which nothing is known becomes a constant. */
  sourceOf(tensor: tf.Tensor): ValueSource {
    const id = this.idOf(tensor);
    this.describe([tensor], [id]);
    return this.use(id).source;
  }

  /** The variables that were used so far, in the order of their first use. */
  variables(): tf.Variable[] {
    return [...this.usedVariables];
  }

  /**
   * Writes down one operation that changes variables in place, and computes the same with `eagerly`, which is
   * not written down. Returns false, with nothing done, when a variable was given another value earlier in the
   * step: it lives in a tensor then, not in the session.
   */
  changeInPlace(
    operation: Omit<RecordedOperation, "inputs">,
    inputs: tf.Tensor[],
    eagerly: () => void,
  ): boolean {
    const untouched = operation.changes.every((variable) => {
      const source = this.sourceOf(variable);
      return source.from === "variable" && source.variable === variable;
    });
    if (!untouched) return false;
    const index = this.add({ ...operation, inputs: inputs.map((tensor) => this.sourceOf(tensor)) });
    this.paused = true;
    try {
      eagerly();
    } finally {
      this.paused = false;
    }
    for (const variable of operation.changes) {
      this.usedVariables.add(variable);
      this.name(variable, { from: "updated variable", variable, operation: index });
    }
    return true;
  }

  drawAnew<T>(draw: () => T): T {
    return draw();
  }

  /** Begins to listen. */
  attach(): void {
    const { backend } = this;
    this.stopListening = intercept(backend, {
      executed: (kind, attributes, inputs, results) => {
        if (!this.paused) this.execute(kind, attributes, inputs, results);
      },
      named: (tensors, ids) => this.describe(tensors, ids),
      wrote: (dataId) => this.written.add(dataId),
      read: (dataId, running) => {
        if (!this.paused) this.checkHostRead(dataId, running);
        return this.refusal;
      },
      drewRandomly: (what) => (this.paused ? undefined : this.refuse(refuseRandomness(what))),
      ranSavedModel: () =>
        this.refuse(refuseOther("The step runs a SavedModel, which can't be recorded inside another graph")),
    });
  }

  /** Stops listening. */
  detach(): void {
    this.stopListening();
  }

  /** Notes that the step came to its end, which may be earlier than was expected. */
  finish(): void {
    const missing = this.expected?.operations[this.operations.length];
    if (missing) this.difference ??= refuseDifference(missing.kind, "the presence");
  }

  private execute(
    kind: string,
    attributes: NativeAttribute[],
    inputs: number[],
    results: NativeOutput[],
  ): void {
    const used = inputs.map((id) => this.use(id));
    const recorded = {
      kind,
      attributes: this.graphAttributes(kind, attributes, inputs),
      inputs: used.map(({ source }) => source),
      changes: [],
    };
    const shapes = inputs.map((id) => this.described.get(id)?.shape ?? []);
    const operation = this.add(simplify(recorded, shapes));
    const varies = used.some((value) => value.varies);
    for (const [output, { id }] of results.entries())
      this.traced.set(id, { source: { from: "operation", operation, output }, varies });
  }

  private graphAttributes(
    kind: string,
    attributes: NativeAttribute[],
    inputs: number[],
  ): RecordedOperation["attributes"] {
    const { binding } = this.backend;
    const translated = attributes.map((each) => {
      const value = graphAttribute(binding, each);
      if (!value)
        throw this.refuse(
          refuseOther(`${kind} works on values of a type that a graph of this library can't hold`),
        );
      return [each.name, value] as const;
    });
    // tfjs leaves the type of this operation to be found out, which TensorFlow does not do in a graph.
    const type = this.described.get(inputs[0] as number)?.dtype as GraphDataType;
    return { ...(kind === "ExpandDims" ? { T: { type } } : {}), ...Object.fromEntries(translated) };
  }

  /** Appends an operation, after comparing it with what was expected, and returns its index. */
  private add(operation: RecordedOperation): number {
    const index = this.operations.push(operation) - 1;
    if (!this.expected || this.refusal || this.difference) return index;
    const before = this.expected.operations[index];
    if (!before || !sameKind(before, operation)) {
      this.difference = refuseDifference(
        operation.kind,
        before ? "the kind or an attribute" : "the presence",
      );
    } else {
      const { expected, constants } = this;
      const same = (source: ValueSource, k: number) =>
        sameValue({ source: before.inputs[k], constants: expected.constants }, { source, constants });
      const differs = operation.inputs.findIndex((source, k) => !same(source, k));
      if (differs >= 0) this.difference = refuseDifference(operation.kind, `input ${differs + 1}`);
    }
    return index;
  }

  private use(id: number): Traced {
    const known = this.traced.get(id);
    if (known) {
      if (known.source.from === "variable") this.usedVariables.add(known.source.variable);
      return known;
    }
    const about = this.described.get(id);
    if (!about || !isGraphType(about.dtype))
      throw this.refuse(refuseOther(`A tensor of type ${about?.dtype ?? "int64"} can't be part of a graph`));
    const constant = this.constants.push(this.constant(id, about, about.dtype));
    const made: Traced = { source: { from: "constant", constant: constant - 1 }, varies: false };
    this.traced.set(id, made);
    return made;
  }

  /** The values of the step's own are read now, since it frees them; those of tensors outside when they are wanted. */
  private constant(id: number, { dataId, shape }: tf.TensorInfo, type: GraphDataType): RecordedConstant {
    const { binding } = this.backend;
    const about = { type, shape: [...shape] };
    if (this.written.has(dataId))
      return { ...about, values: constantValues(type, binding.tensorDataSync(id)) };
    return {
      ...about,
      captured: dataId,
      get values() {
        return constantValues(type, binding.tensorDataSync(id));
      },
    };
  }

  private describe(tensors: readonly tf.TensorInfo[], ids: readonly number[]): void {
    for (const [k, { dataId, shape, dtype }] of tensors.entries())
      if (dataId) this.described.set(ids[k] as number, { dataId, shape, dtype });
  }

  private idOf(tensor: Pick<tf.TensorInfo, "dataId">): number {
    return nativeIds(this.backend, [tensor as tf.TensorInfo])[0] as number;
  }

  private checkHostRead(dataId: object, running: string | undefined): void {
    const known = this.traced.get(this.idOf({ dataId }));
    // The native kernel of tf.gather reads its indices only to check their range, which TensorFlow does as well.
    if (known?.varies && running !== "gather") this.refuse(refuseHostRead());
  }

  private refuse(error: Error): Error {
    this.refusal ??= error;
    return this.refusal;
  }
}

function isGraphType(dtype: tf.DataType): dtype is GraphDataType {
  return dtype === "float32" || dtype === "int32" || dtype === "bool";
}

function constantValues(type: GraphDataType, values: ArrayLike<number>): RecordedConstant["values"] {
  if (type === "float32") return Float32Array.from(values);
  return type === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}

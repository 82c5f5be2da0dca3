import * as tf from "@tensorflow/tfjs";
import type { AttributeValue, GraphDataType } from "./graph-writer";
import type { NativeAttribute, NativeBackend, NativeBinding, NativeOutput } from "./native-backend";
import {
  type RecordedConstant,
  type RecordedOperation,
  type Recording,
  sameConstant,
  sameKind,
  sameSource,
  type ValueSource,
} from "./recording";
import {
  isRandomOperation,
  refuseDifference,
  refuseHostRead,
  refuseOther,
  refuseRandomness,
} from "./refusals";

interface Traced {
  source: ValueSource;
  /** Whether the value can differ between two runs. */
  varies: boolean;
}

/**
 * Writes down the operations of TensorFlow that the native addon executes while a step runs eagerly.
 *
 * It stands between tfjs's backend and the addon (`attach`, `detach`), and knows every value by the number that
 * the addon gave it. A refusal is remembered rather than thrown where throwing would leave the step half done.
 */
export class Recorder {
  readonly operations: RecordedOperation[] = [];
  readonly constants: RecordedConstant[] = [];
  refusal: Error | undefined;
  private readonly traced = new Map<number, Traced>();
  private readonly described = new Map<number, { shape: number[]; dtype: tf.DataType }>();
  private readonly usedVariables = new Set<tf.Variable>();
  private paused = false;
  private detachers: (() => void)[] = [];

  /** @param expected an earlier recording of the same step: the first difference from it is refused. */
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
    this.describe([tensor]);
    return this.use(this.idOf(tensor)).source;
  }

  /** The variables that were used so far, in the order of their first use. */
  variables(): tf.Variable[] {
    return [...this.usedVariables];
  }

  /** Counts a variable as used although no operation read it. */
  useVariable(variable: tf.Variable): void {
    this.usedVariables.add(variable);
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
      const { from } = this.sourceOf(variable);
      return from === "variable";
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

  attach(): void {
    const { backend } = this;
    const binding = backend.binding;
    const executeOp: NativeBinding["executeOp"] = (kind, attributes, inputs, outputs) => {
      const results = binding.executeOp(kind, attributes, inputs, outputs);
      if (!this.paused) this.execute(kind, attributes, inputs, results);
      return results;
    };
    this.shadow(backend, "binding", Object.create(binding, { executeOp: { value: executeOp } }));
    this.shadow(backend, "getInputTensorIds", (tensors) => {
      this.describe(tensors);
      return this.idsOf(tensors);
    });
    const readSync = backend.readSync.bind(backend);
    this.shadow(backend, "readSync", (dataId) => {
      this.checkHostRead(dataId);
      if (this.refusal && !this.paused) throw this.refusal;
      return readSync(dataId);
    });
    // Tensor.data() turns an error into a rejection that nobody awaits inside a step: let it go, and refuse after.
    this.shadow(backend, "read", async (dataId) => {
      this.checkHostRead(dataId);
      return readSync(dataId);
    });
    this.shadow(backend, "runSavedModel", () => {
      throw this.refuse(
        refuseOther("The step runs a SavedModel, which can't be recorded inside another graph"),
      );
    });
    const engine = tf.engine();
    const startScope = engine.startScope.bind(engine);
    this.shadow(engine, "startScope", (name?: string) => {
      const operation = name?.replace(/__op$/, "");
      if (operation && name !== operation && isRandomOperation(operation) && !this.paused)
        throw this.refuse(refuseRandomness(`\`tf.${operation}\``));
      startScope(name);
    });
    const random = Math.random;
    this.shadow(Math, "random", () => {
      if (!this.paused) throw this.refuse(refuseRandomness("Math.random"));
      return random();
    });
  }

  detach(): void {
    for (const detach of this.detachers.reverse()) detach();
    this.detachers = [];
    if (this.expected && this.operations.length < this.expected.operations.length) {
      const missing = this.expected.operations[this.operations.length] as RecordedOperation;
      this.refuse(refuseDifference(missing.kind, "the presence"));
    }
  }

  /** Puts `value` in the place of a member until the recorder is detached. */
  private shadow<T extends object, K extends keyof T>(target: T, key: K, value: T[K]): void {
    const own = Object.getOwnPropertyDescriptor(target, key);
    Object.defineProperty(target, key, { value, configurable: true, writable: true });
    this.detachers.push(() => {
      if (own) Object.defineProperty(target, key, own);
      else Reflect.deleteProperty(target, key);
    });
  }

  private execute(
    kind: string,
    attributes: NativeAttribute[],
    inputs: number[],
    results: NativeOutput[],
  ): void {
    const used = inputs.map((id) => this.use(id));
    const operation = this.add({
      kind,
      attributes: { ...this.missingAttributes(kind, inputs), ...this.translateAll(kind, attributes) },
      inputs: used.map(({ source }) => source),
      changes: [],
    });
    const varies = used.some((value) => value.varies);
    for (const [output, { id }] of results.entries())
      this.traced.set(id, { source: { from: "operation", operation, output }, varies });
  }

  /** Appends an operation, after comparing it with what was expected, and returns its index. */
  private add(operation: RecordedOperation): number {
    const index = this.operations.push(operation) - 1;
    if (!this.expected || this.refusal) return index;
    const before = this.expected.operations[index];
    if (!before || !sameKind(before, operation)) {
      this.refuse(refuseDifference(operation.kind, before ? "the kind or an attribute" : "the presence"));
    } else {
      const same = (source: ValueSource, k: number) => this.sameInput(before.inputs[k], source);
      const differs = operation.inputs.findIndex((source, k) => !same(source, k));
      if (differs >= 0) this.refuse(refuseDifference(operation.kind, `input ${differs + 1}`));
    }
    return index;
  }

  private sameInput(before: ValueSource | undefined, now: ValueSource): boolean {
    if (before?.from === "constant" && now.from === "constant") {
      const [a, b] = [this.expected?.constants[before.constant], this.constants[now.constant]];
      return a !== undefined && b !== undefined && sameConstant(a, b);
    }
    return before !== undefined && sameSource(before, now);
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
    const values = this.backend.binding.tensorDataSync(id);
    const constant = this.constants.push({
      type: about.dtype,
      shape: [...about.shape],
      values: constantValues(about.dtype, values),
    });
    const made: Traced = { source: { from: "constant", constant: constant - 1 }, varies: false };
    this.traced.set(id, made);
    return made;
  }

  private describe(tensors: readonly tf.TensorInfo[]): void {
    const ids = this.idsOf(tensors);
    for (const [k, tensor] of tensors.entries())
      if (tensor.dataId) this.described.set(ids[k] as number, { shape: tensor.shape, dtype: tensor.dtype });
  }

  private idOf(tensor: tf.TensorInfo): number {
    return this.idsOf([tensor])[0] as number;
  }

  /** The addon's numbers of tensors, through the backend's own method, which may be shadowed now. */
  private idsOf(tensors: readonly tf.TensorInfo[]): number[] {
    const prototype = Object.getPrototypeOf(this.backend) as NativeBackend;
    return prototype.getInputTensorIds.call(this.backend, tensors);
  }

  private checkHostRead(dataId: object): void {
    if (this.paused) return;
    const known = this.traced.get(this.idOf({ dataId, shape: [], dtype: "float32" }));
    // The native kernel of tf.gather reads its indices only to check their range, which TensorFlow does as well.
    if (known?.varies && runningOperation() !== "gather") this.refuse(refuseHostRead());
  }

  /** tfjs leaves the type of this operation to be found out, which TensorFlow does not do in a graph. */
  private missingAttributes(kind: string, inputs: number[]): Record<string, AttributeValue> {
    if (kind !== "ExpandDims") return {};
    return { T: { type: this.described.get(inputs[0] as number)?.dtype as GraphDataType } };
  }

  private translateAll(kind: string, attributes: NativeAttribute[]): Record<string, AttributeValue> {
    return Object.fromEntries(attributes.map((each) => [each.name, this.translate(kind, each)]));
  }

  private translate(kind: string, { type, value }: NativeAttribute): AttributeValue {
    const { binding } = this.backend;
    if (type === binding.TF_ATTR_TYPE) {
      const graphType = graphTypeOf(value as number);
      if (!graphType)
        throw this.refuse(
          refuseOther(`${kind} works on values of a type (${value}) that a graph of this library can't hold`),
        );
      return { type: graphType };
    }
    if (type === binding.TF_ATTR_INT)
      return Array.isArray(value) ? { integers: value as number[] } : { integer: value as number };
    if (type === binding.TF_ATTR_FLOAT) return { float: value as number };
    if (type === binding.TF_ATTR_BOOL) return { boolean: value as boolean };
    if (type === binding.TF_ATTR_SHAPE) return { shape: value as number[] };
    return { text: value as string };
  }

  private refuse(error: Error): Error {
    this.refusal ??= error;
    return this.refusal;
  }
}

/** The operation of tfjs that is running, by the scope that it opened. */
function runningOperation(): string | undefined {
  const { activeScope } = (tf.engine() as unknown as { state: { activeScope: { name: string } | null } })
    .state;
  return activeScope?.name.replace(/__op$/, "");
}

function isGraphType(dtype: tf.DataType): dtype is GraphDataType {
  return dtype === "float32" || dtype === "int32" || dtype === "bool";
}

function graphTypeOf(native: number): GraphDataType | undefined {
  return ({ 1: "float32", 3: "int32", 10: "bool" } as const)[native as 1 | 3 | 10];
}

function constantValues(type: GraphDataType, values: ArrayLike<number>): RecordedConstant["values"] {
  if (type === "float32") return Float32Array.from(values);
  return type === "int32" ? Int32Array.from(values) : Uint8Array.from(values);
}

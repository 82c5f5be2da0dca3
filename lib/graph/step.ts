import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { GraphDataType } from "./graph-writer";

/** Sizes of an input's axes; `null` where the size may differ from call to call. `[]` is a single number. */
export type InputShape = readonly (number | null)[];

/** An input of a compiled step: its shape, float32 unless a type is given. */
export type InputDeclaration =
  | InputShape
  | { readonly shape: InputShape; readonly dtype: "float32" | "int32" | "bool" };

/** The inputs of a compiled step by their names. */
export type InputDeclarations = Readonly<Record<string, InputDeclaration>>;

type ShapeOf<D> = D extends InputShape ? D : D extends { readonly shape: infer S } ? S : never;

type TensorOfShape<S> = S extends readonly []
  ? tf.Scalar
  : S extends readonly [unknown]
    ? tf.Tensor1D
    : S extends readonly [unknown, unknown]
      ? tf.Tensor2D
      : S extends readonly [unknown, unknown, unknown]
        ? tf.Tensor3D
        : S extends readonly [unknown, unknown, unknown, unknown]
          ? tf.Tensor4D
          : tf.Tensor;

/** The tensors that the step receives, of the ranks that were declared. */
export type StepInputs<D extends InputDeclarations> = { [K in keyof D]: TensorOfShape<ShapeOf<D[K]>> };

/** What a call takes: tensors, or plain numbers where a single number was declared. */
export type CallInputs<D extends InputDeclarations> = {
  [K in keyof D]: ShapeOf<D[K]> extends readonly [] ? tf.Tensor | number : tf.Tensor;
};

/** What a step may return. */
export type StepOutput = tf.Tensor | tf.Tensor[] | { [name: string]: tf.Tensor };

/** Tensors by their names. */
export type NamedTensors = Record<string, tf.Tensor>;

/** The tensors of a step's output in a fixed order. */
export function tensorsOf(output: StepOutput): tf.Tensor[] {
  if (output instanceof tf.Tensor) return [output];
  if (output instanceof Promise)
    throw new UserError("The step is asynchronous; a compiled step must be done when it returns.");
  // Code without types may return anything, nothing included.
  const tensors = Object.values((output as StepOutput | undefined | null) ?? [undefined]);
  if (typeof output !== "object" || tensors.some((each) => !(each instanceof tf.Tensor)))
    throw new UserError("A compiled step returns a tensor, an array of tensors, or an object of tensors.");
  return tensors;
}

/** How a step's output is put together from its tensors: a tensor alone, an array, or an object with these names. */
export class OutputForm {
  private constructor(
    private readonly kind: "tensor" | "array" | "object",
    private readonly names: readonly string[],
  ) {}

  static of(output: StepOutput): OutputForm {
    if (output instanceof tf.Tensor) return new OutputForm("tensor", [""]);
    return new OutputForm(Array.isArray(output) ? "array" : "object", Object.keys(output));
  }

  /** Puts tensors in the order of `tensorsOf` into the form. */
  fill(tensors: tf.Tensor[]): StepOutput {
    if (this.kind === "tensor") return tensors[0] as tf.Tensor;
    if (this.kind === "array") return tensors;
    return Object.fromEntries(this.names.map((name, i) => [name, tensors[i] as tf.Tensor]));
  }

  /** What the tensor at an index is called in a sentence. */
  describe(index: number): string {
    if (this.kind === "tensor") return "the output";
    return this.kind === "array" ? `output ${index} (counted from 0)` : `the output ${this.names[index]}`;
  }

  equals(other: OutputForm): boolean {
    return (
      this.kind === other.kind &&
      this.names.length === other.names.length &&
      this.names.every((name, i) => name === other.names[i])
    );
  }
}

/** The same output in tensors of its own: a step may return one that belongs to others, such as an input. */
export function ownTensors<Output extends StepOutput>(output: Output): Output {
  const tensors = tensorsOf(output);
  return OutputForm.of(output).fill(tensors.map((tensor) => tensor.clone())) as Output;
}

/** The declared shape and type of an input. */
export function declared(declaration: InputDeclaration): { shape: InputShape; dtype: GraphDataType } {
  if ("dtype" in declaration) return declaration;
  return { shape: declaration, dtype: "float32" };
}

/** @throws UserError naming the input whose declaration is no shape, or of another number type. */
export function checkDeclarations(declarations: InputDeclarations): void {
  if (typeof declarations !== "object" || declarations === null)
    throw new UserError(
      "`compile` takes the inputs of the step by name: compile(step, { inputs: { x: [null, 3] } }).",
    );
  for (const [name, declaration] of Object.entries(declarations)) {
    const { shape, dtype } = Array.isArray(declaration)
      ? { shape: declaration, dtype: "float32" }
      : ((declaration ?? {}) as Partial<ReturnType<typeof declared>>);
    const isShape =
      Array.isArray(shape) && shape.every((size) => size === null || (Number.isInteger(size) && size >= 0));
    if (isShape && ["float32", "int32", "bool"].includes(dtype ?? "")) continue;
    throw new UserError(
      `The input ${name} of a compiled step is declared by the sizes of its axes, null where one is free: [null, 3], ` +
        'or { shape: [null, 3], dtype: "int32" } with the type float32, int32 or bool.',
    );
  }
}

/**
 * Checks the inputs of a call and makes tensors of its plain numbers; call it inside `tf.tidy`.
 * @throws UserError naming the input that is missing, unknown, or of another shape or type than declared.
 */
export function checkInputs(
  declarations: InputDeclarations,
  given: Readonly<Record<string, tf.Tensor | number>>,
): NamedTensors {
  if (typeof given !== "object" || given === null)
    throw new UserError("A compiled step takes its inputs as an object: step({ x, y }).");
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(declarations, name));
  if (unknown !== undefined)
    throw new UserError(
      `The step has no input named ${unknown}; it declares ${Object.keys(declarations).join(", ")}.`,
    );
  return Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => {
      const { shape, dtype } = declared(declaration);
      const value = Object.hasOwn(given, name) ? given[name] : undefined;
      if (value === undefined) throw new UserError(`The step's input ${name} is missing.`);
      const tensor = typeof value === "number" ? scalarOf(name, value, dtype) : value;
      if (!(tensor instanceof tf.Tensor))
        throw new UserError(`The step's input ${name} must be a tensor, or a number where one is declared.`);
      if (tensor.isDisposed)
        throw new UserError(`The step's input ${name} was disposed; give it while it is there.`);
      const fits =
        tensor.rank === shape.length &&
        shape.every((size, axis) => size === null || size === tensor.shape[axis]);
      if (!fits || tensor.dtype !== dtype)
        throw new UserError(
          `The step's input ${name} is declared as ${dtype} [${shape.map((size) => size ?? "any").join(", ")}] ` +
            `and was given ${tensor.dtype} [${tensor.shape.join(", ")}].`,
        );
      return [name, tensor];
    }),
  );
}

/** TensorFlow.js would cut 2.7 to 2 and make 0 of NaN without a word. */
function scalarOf(name: string, value: number, dtype: GraphDataType): tf.Scalar {
  const most = dtype === "bool" ? 1 : 2 ** 31 - 1;
  if (
    dtype === "float32" ||
    (Number.isInteger(value) && value >= (dtype === "bool" ? 0 : -most - 1) && value <= most)
  )
    return tf.scalar(value, dtype);
  throw new UserError(`The step's input ${name} is declared as ${dtype} and was given ${value}.`);
}

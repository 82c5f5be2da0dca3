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
  const tensors = Object.values(output);
  const wrong = tensors.find((each) => !(each instanceof tf.Tensor));
  if (wrong !== undefined || typeof output !== "object")
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
  return OutputForm.of(output).fill(tensorsOf(output).map((tensor) => tensor.clone())) as Output;
}

/** The declared shape and type of an input. */
export function declared(declaration: InputDeclaration): { shape: InputShape; dtype: GraphDataType } {
  if ("dtype" in declaration) return declaration;
  return { shape: declaration, dtype: "float32" };
}

/**
 * Checks the inputs of a call and makes tensors of its plain numbers; call it inside `tf.tidy`.
 * @throws UserError naming the input that is missing, unknown, or of another shape or type than declared.
 */
export function checkInputs(
  declarations: InputDeclarations,
  given: Readonly<Record<string, tf.Tensor | number>>,
): NamedTensors {
  const unknown = Object.keys(given).find((name) => !(name in declarations));
  if (unknown !== undefined)
    throw new UserError(
      `The step has no input named ${unknown}; it declares ${Object.keys(declarations).join(", ")}.`,
    );
  return Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => {
      const { shape, dtype } = declared(declaration);
      const value = given[name];
      const tensor = typeof value === "number" ? tf.scalar(value, dtype) : value;
      if (tensor === undefined) throw new UserError(`The step's input ${name} is missing.`);
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

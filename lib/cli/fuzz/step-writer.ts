import { elements, product, type Size, shapeText } from "./sizes";
import { union, type Value } from "./value";
import type { WorldWriter } from "./world-writer";

/** Largest number of elements of a value: programs stay tiny. */
const largest = 400;

/** Writes the body of one step, statement by statement. */
export class StepWriter {
  readonly lines: string[] = [];
  readonly values: Value[];
  /** Names of the closure's numbers and tensors that it uses. */
  readonly closures = new Set<string>();

  constructor(
    readonly world: WorldWriter,
    readonly inputs: readonly Value[],
    /** Whether values of the closure that actions change may be used. */
    readonly mayUseClosures: boolean,
    private nextName = 0,
  ) {
    this.values = [...inputs];
  }

  /** Names of the free sizes of the inputs. */
  freeSizes(): Size[] {
    return [...new Set(this.inputs.flatMap(({ shape }) => shape))].filter((size) => typeof size === "string");
  }

  /** Earlier values, counted backwards from the newest. */
  value(back: number): Value {
    return this.values[this.values.length - 1 - (back % this.values.length)] as Value;
  }

  /** Adds a statement that names the value of an expression. Undefined, with nothing added, when it is too large. */
  define(
    expression: string,
    shape: readonly Size[],
    follows: ReadonlySet<string> | readonly Value[],
    dtype: Value["dtype"] = "float32",
  ): Value | undefined {
    if (elements(shape) > largest || shape.length > 4) return undefined;
    const value: Value = {
      name: `v${this.nextName++}`,
      shape,
      dtype,
      follows: follows instanceof Set ? follows : union(follows as readonly Value[]),
    };
    this.lines.push(`const ${value.name} = ${expression};`);
    this.values.push(value);
    return value;
  }

  statement(text: string): void {
    this.lines.push(text);
  }

  /** The value as float32. */
  float(value: Value): Value {
    if (value.dtype === "float32") return value;
    return this.derived(`tf.cast(${value.name}, "float32")`, value.shape, []);
  }

  /** The value as a matrix: the first axis, and all others together. */
  matrix(given: Value): Value {
    const value = this.float(given);
    if (value.shape.length === 2) return value;
    const [first, ...rest] = value.shape;
    const shape = [first ?? 1, product(rest)];
    return this.derived(`tf.reshape(${value.name}, ${shapeText(shape)})`, shape, [value]);
  }

  /** The value with an axis at least. */
  vector(given: Value): Value {
    const value = this.float(given);
    return value.shape.length > 0 ? value : this.derived(`tf.reshape(${value.name}, [1])`, [1], [value]);
  }

  /** The value as a batch of images: `[first, 2 or more rows, columns, channels]`; undefined where it has no such form. */
  images(given: Value): Value | undefined {
    const value = this.float(given);
    if (value.shape.length === 4) return value;
    const fitting = this.values.find(({ shape }) => shape.length === 4);
    return fitting && this.float(fitting);
  }

  /** The value in a shape that broadcasts with another: as it is, or summed up. */
  beside(given: Value, other: Value): Value {
    const value = this.float(given);
    const offset = other.shape.length - value.shape.length;
    const fits =
      offset >= 0 && value.shape.every((size, axis) => size === 1 || size === other.shape[axis + offset]);
    if (fits) return value;
    return this.derived(`tf.mul(tf.sum(${value.name}), 0.1)`, [], [value]);
  }

  /** A size of the step as a number in its text: one of the free sizes, or a fixed one where there is none. */
  someSize(choice: number): string {
    const sizes = this.freeSizes();
    return String(sizes[choice % Math.max(1, sizes.length)] ?? 3);
  }

  private derived(expression: string, shape: readonly Size[], follows: readonly Value[]): Value {
    const value = this.define(expression, shape, follows);
    if (!value)
      throw new Error(`A value of the shape ${shapeText(shape)} is too large for a random program.`);
    return value;
  }
}

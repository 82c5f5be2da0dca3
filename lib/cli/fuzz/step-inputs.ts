import type { StepGenes } from "./genes";
import { type FreeSizes, type Size, shapeText, sizeIn } from "./sizes";
import type { Value } from "./value";
import type { WorldWriter } from "./world-writer";

/** An input of a step. */
export interface Input {
  name: string;
  shape: Size[];
  dtype: Value["dtype"];
}

/** Kinds of inputs: free first axes, other free axes, both, a first axis of its own size, fixed ones, numbers. */
const kinds: ((size: number) => Omit<Input, "name">)[] = [
  (size) => ({ shape: ["n", 2 + size], dtype: "float32" }),
  () => ({ shape: [], dtype: "float32" }),
  () => ({ shape: ["n"], dtype: "int32" }),
  () => ({ shape: ["n"], dtype: "float32" }),
  (size) => ({ shape: ["n", "m", 1 + size], dtype: "float32" }),
  (size) => ({ shape: [2, 1 + size], dtype: "float32" }),
  () => ({ shape: ["n", 3, 4, 2], dtype: "float32" }),
  (size) => ({ shape: ["k", 2 + size], dtype: "float32" }),
  () => ({ shape: ["n"], dtype: "bool" }),
  () => ({ shape: [2, "m"], dtype: "float32" }),
  (size) => ({ shape: [2 + size], dtype: "float32" }),
  () => ({ shape: ["n", "m"], dtype: "int32" }),
];

/** Which of them is a batch of images. */
const imageKind = 6;

/**
 * The inputs of a step; the first has an axis.
 * @param withImages whether operations on images will look for a batch of them.
 */
export function stepInputs(genes: StepGenes["inputs"], withImages: boolean): Input[] {
  return genes.map(({ kind, size }, i) => {
    const make = kinds[withImages && i === 0 ? imageKind : kind % kinds.length] as (typeof kinds)[number];
    const input = make(size);
    return { name: `x${i}`, ...(i === 0 && input.shape.length === 0 ? kinds[0]!(size) : input) };
  });
}

/** The declaration that `compile` is given. */
export function declarationText({ name, shape, dtype }: Input): string {
  const sizes = `[${shape.map((size) => (typeof size === "string" ? "null" : size)).join(", ")}]`;
  return `${name}: ${dtype === "float32" ? sizes : `{ shape: ${sizes}, dtype: "${dtype}" }`}`;
}

/** Statements that name the free sizes, from the shapes of the inputs. */
export function sizeStatements(inputs: readonly Input[]): string[] {
  const known = new Set<Size>();
  return inputs.flatMap(({ name, shape }) =>
    shape.flatMap((size, axis) => {
      if (typeof size === "number" || known.has(size)) return [];
      known.add(size);
      return [`const ${size} = ${name}.shape[${axis}];`];
    }),
  );
}

/** What a call gives for an input: numbers of its own, or a variable of that shape. */
export function argumentText(input: Input, sizes: FreeSizes, world: WorldWriter, choice: number): string {
  const shape = input.shape.map((size) => sizeIn(size, sizes));
  const seed = world.nextSeed();
  if (input.dtype === "int32") return `labels(${shapeText(shape)}, ${seed})`;
  if (input.dtype === "bool") return `flags(${shapeText(shape)}, ${seed})`;
  const variable = world.variables.find((each) => shapeText(each.shape) === shapeText(shape));
  if (choice % 4 === 3 && variable?.dtype === "float32") return variable.name;
  if (shape.length === 0 && choice % 3 !== 2) return String(0.1 + (seed % 7) / 10);
  return `numbers(${shapeText(shape)}, ${seed})`;
}

/** The inputs as values of the step. */
export function inputValues(inputs: readonly Input[]): Value[] {
  return inputs.map((input) => ({
    ...input,
    follows: new Set(input.dtype === "float32" ? [input.name] : []),
  }));
}

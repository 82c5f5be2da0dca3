/** The size of an axis: a number, or an expression of the step's free sizes `n`, `m` and `k`. */
export type Size = number | string;

/** The free sizes of one call. */
export interface FreeSizes {
  n: number;
  m: number;
  k: number;
}

/** Sizes that stand for "large" where it is judged whether a tensor stays small. */
const large: FreeSizes = { n: 8, m: 4, k: 4 };

/** The product of sizes as a size. */
export function product(sizes: readonly Size[]): Size {
  const fixed = sizes.filter((size) => typeof size === "number").reduce((a, b) => a * b, 1);
  const free = sizes.filter((size) => typeof size === "string").map(inProduct);
  if (free.length === 0) return fixed;
  return [...free, ...(fixed === 1 ? [] : [fixed])].join(" * ");
}

/** The sum of sizes as a size. */
export function sum(a: Size, b: Size): Size {
  if (typeof a === "number" && typeof b === "number") return a + b;
  return `${a} + ${b}`;
}

/** A shape as JavaScript. */
export function shapeText(shape: readonly Size[]): string {
  return `[${shape.join(", ")}]`;
}

/** The value of a size in a call. */
export function sizeIn(size: Size, { n, m, k }: FreeSizes): number {
  if (typeof size === "number") return size;
  return new Function("n", "m", "k", `return ${size};`)(n, m, k) as number;
}

/** How many elements a tensor of this shape has in a large call. */
export function elements(shape: readonly Size[]): number {
  return shape.reduce<number>((count, size) => count * sizeIn(size, large), 1);
}

function inProduct(size: string): string {
  return /^[\w.]+$|^Math\.\w+\([^()]*\)$/.test(size) ? size : `(${size})`;
}

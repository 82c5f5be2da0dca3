import type { Size } from "./sizes";

/** A tensor that the text of a step has a name for. */
export interface Value {
  name: string;
  shape: readonly Size[];
  dtype: "float32" | "int32" | "bool";
  /** Variables on which it depends in a way that has a gradient. */
  follows: ReadonlySet<string>;
}

/** The variables that any of these depends on. */
export function union(values: readonly Value[]): ReadonlySet<string> {
  return new Set(values.flatMap(({ follows }) => [...follows]));
}

/** The variables that all of these depend on. */
export function intersection(a: Value, b: Value): ReadonlySet<string> {
  return new Set([...a.follows].filter((name) => b.follows.has(name)));
}

import * as tf from "@tensorflow/tfjs";

/** A value as plain data: tensors read, arrays and objects walked through. */
export type Observed =
  | { shape: number[]; dtype: string; values: number[] }
  | { list: Observed[] }
  | { members: Record<string, Observed> }
  | { plain: string };

/** Reads a value of any form. */
export function observe(value: unknown): Observed {
  if (value instanceof tf.Tensor)
    return { shape: [...value.shape], dtype: value.dtype, values: [...value.dataSync()] };
  if (Array.isArray(value) && value.every((each) => typeof each === "number"))
    return { shape: [value.length], dtype: "float32", values: value };
  if (Array.isArray(value)) return { list: value.map(observe) };
  if (typeof value === "object" && value !== null)
    return {
      members: Object.fromEntries(Object.entries(value).map(([name, each]) => [name, observe(each)])),
    };
  return { plain: String(value) };
}

/** How far two observed values lie apart. */
export interface Distance {
  /** Largest difference of two numbers in units of the largest number of their tensor; infinite for another form. */
  relative: number;
  /** What differs, in words. */
  what: string;
}

const none: Distance = { relative: 0, what: "" };
const other = (what: string): Distance => ({ relative: Number.POSITIVE_INFINITY, what });

/** Compares what a program gave with what it should have given. */
export function distance(given: Observed, expected: Observed, name: string): Distance {
  if ("values" in given && "values" in expected) return tensorDistance(given, expected, name);
  if ("list" in given && "list" in expected) {
    if (given.list.length !== expected.list.length)
      return other(`${name} has ${given.list.length} parts instead of ${expected.list.length}`);
    return farthest(given.list.map((each, i) => distance(each, expected.list[i]!, `${name}[${i}]`)));
  }
  if ("members" in given && "members" in expected) {
    const [keys, expectedKeys] = [Object.keys(given.members), Object.keys(expected.members)];
    if (keys.join() !== expectedKeys.join())
      return other(`${name} has the keys ${keys.join(", ")} instead of ${expectedKeys.join(", ")}`);
    return farthest(
      keys.map((key) => distance(given.members[key]!, expected.members[key]!, `${name}.${key}`)),
    );
  }
  if ("plain" in given && "plain" in expected && given.plain === expected.plain) return none;
  return other(`${name} is of another form`);
}

/** The largest of some distances. */
export function farthest(distances: readonly Distance[]): Distance {
  return distances.reduce((a, b) => (b.relative > a.relative ? b : a), none);
}

type ObservedTensor = Extract<Observed, { values: number[] }>;

function tensorDistance(given: ObservedTensor, expected: ObservedTensor, name: string): Distance {
  if (given.dtype !== expected.dtype || given.shape.join() !== expected.shape.join())
    return other(
      `${name} is ${given.dtype} [${given.shape.join(", ")}] instead of ${expected.dtype} [${expected.shape.join(", ")}]`,
    );
  const scale = expected.values.reduce(
    (max, x) => (Number.isFinite(x) ? Math.max(max, Math.abs(x)) : max),
    0,
  );
  let relative = 0;
  let place = 0;
  for (const [i, wanted] of expected.values.entries()) {
    const got = given.values[i] as number;
    if (Object.is(got, wanted) || got === wanted) continue;
    const far = Number.isFinite(got - wanted)
      ? Math.abs(got - wanted) / Math.max(scale, smallest)
      : Number.POSITIVE_INFINITY;
    if (far > relative) [relative, place] = [far, i];
  }
  if (relative === 0) return none;
  return {
    relative,
    what: `${name} element ${place} is ${given.values[place]} instead of ${expected.values[place]}`,
  };
}

/** Numbers below this count as zero beside what programs compute with, which is of the order of one. */
const smallest = 1e-4;

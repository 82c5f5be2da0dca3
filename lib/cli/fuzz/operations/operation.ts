import type { StepWriter } from "../step-writer";
import type { Value } from "../value";

/**
 * Writes one operation into a step.
 * @param a what it works on.
 * @param b what it takes beside that.
 * @param k a free choice: an axis, a count, a number.
 */
export type WriteOperation = (step: StepWriter, a: Value, b: Value, k: number) => void;

/** An axis of a value, counted by a free choice. */
export function axisOf({ shape }: Value, k: number): number {
  return k % Math.max(1, shape.length);
}

/** The shape with another size at one axis. */
export function withSize(shape: Value["shape"], axis: number, size: Value["shape"][number]): Value["shape"] {
  return shape.map((each, i) => (i === axis ? size : each));
}

/** The shape without one axis. */
export function without(shape: Value["shape"], axis: number): Value["shape"] {
  return shape.filter((_, i) => i !== axis);
}

/** The last axis of a fixed size that is not empty, or -1. */
export function lastFixed(shape: Value["shape"]): number {
  return shape.map((size) => typeof size === "number" && size > 0).lastIndexOf(true);
}

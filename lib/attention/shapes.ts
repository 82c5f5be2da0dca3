import type * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";

/** A size that must be met, or the name of one; sizes of the same name must be equal in all inputs. */
export type NamedShape = readonly (string | number)[];

/** What a layer takes, in the order of `apply`: the name and shape of each input. */
export type NamedShapes = Readonly<Record<string, NamedShape>>;

/** The shapes that TensorFlow.js hands to `build`: a list for several inputs, the one alone for one. */
export function asShapes(inputShape: tf.Shape | tf.Shape[]): tf.Shape[] {
  return Array.isArray(inputShape[0]) ? (inputShape as tf.Shape[]) : [inputShape as tf.Shape];
}

/**
 * Compares the shapes that a layer was given with the shapes that it takes.
 *
 * @param layer how the layer is named in the message
 * @param actual one shape for each input; `null` is a size that is not known yet and fits every size
 * @throws UserError that names the layer, the expected and the actual shapes, and what does not fit
 */
export function requireShapes(layer: string, expected: NamedShapes, actual: readonly tf.Shape[]): void {
  const names = Object.keys(expected);
  const problem = findProblem(expected, actual);
  if (!problem) return;
  const list = (shapes: readonly (readonly unknown[])[]) =>
    shapes
      .map((shape, i) => `${names[i] ?? `input ${i + 1}`} [${shape.map((size) => size ?? "?").join(", ")}]`)
      .join(", ");
  throw new UserError(
    `${layer} expected ${list(Object.values(expected))}, but got ${list(actual)}: ${problem}`,
  );
}

function findProblem(expected: NamedShapes, actual: readonly tf.Shape[]): string | undefined {
  const names = Object.keys(expected);
  if (names.length !== actual.length) return `it takes ${names.length} input(s), not ${actual.length}.`;
  const met = new Map<string, { size: number; input: string }>();
  for (const [i, input] of names.entries()) {
    const shape = actual[i]!;
    if (shape.length !== expected[input]!.length) return explainRank(input, shape);
    for (const [axis, wanted] of expected[input]!.entries()) {
      const size = shape[axis];
      if (size == null) continue;
      // A batch may be empty; whatever else is empty leaves nothing to attend to.
      if (size === 0 && wanted !== "batch") return `${input} has no ${wanted}.`;
      if (typeof wanted === "number") {
        if (size !== wanted) return `axis ${axis} of ${input} must be ${wanted}, not ${size}.`;
        continue;
      }
      const first = met.get(wanted);
      if (first && first.size !== size)
        return `${wanted} is ${first.size} in ${first.input} and ${size} in ${input}.`;
      met.set(wanted, { size, input });
    }
  }
  return undefined;
}

function explainRank(input: string, shape: tf.Shape): string {
  const grid = input === "tokens" ? gridOfRank(shape.length - 2) : undefined;
  return grid
    ? `reshape the grid [batch, ${grid.join(", ")}, channels] to [batch, ${grid.join(" * ")}, channels] first.`
    : `${input} has ${shape.length === 1 ? "1 axis" : `${shape.length} axes`}.`;
}

/** What messages call the axes of a grid of that rank, one to three. */
export function gridOfRank(rank: number): string[] | undefined {
  return { 1: ["positions"], 2: ["rows", "columns"], 3: ["depth", "rows", "columns"] }[rank];
}

/** @throws UserError that names the layer, when a size that its parameters follow from is left open. */
export function requireKnownSize(
  layer: tf.layers.Layer,
  what: string,
  size: number | null | undefined,
): number {
  if (size) return size;
  throw new UserError(
    `${layer.getClassName()} "${layer.name}" must know its number of ${what} when it is built.`,
  );
}

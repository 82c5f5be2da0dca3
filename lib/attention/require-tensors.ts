import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import { type NamedShape, requireShapes } from "./shapes";

/**
 * What is asked of a tensor beside its shape. Nothing: it must be there and hold float32. `optional`: it may be left
 * out. `mask`: it may be left out, and holds numbers of any type or booleans. `amounts`: as a mask, but needed.
 */
export type Need = "optional" | "mask" | "amounts";

/** A tensor as it was given, the shape that it must have, and what else is asked of it. */
export type Expected = readonly [given: tf.Tensor | undefined, shape: NamedShape, need?: Need];

/**
 * Compares the tensors that a function or a layer was given with those that it takes. It looks at shapes and number
 * types and never at values, so that nothing waits for them.
 *
 * @param where how messages name the function or the layer
 * @param tensors what was given and what is expected, by name
 * @throws UserError that says which tensor does not fit and what it must be
 */
export function requireTensors(where: string, tensors: Readonly<Record<string, Expected>>): void {
  const present = Object.entries(tensors).filter(
    ([, [given, , need]]) => given != null || !(need === "optional" || need === "mask"),
  );
  for (const [name, [given, , need]] of present) requireNumbers(where, name, given, need);
  requireShapes(
    where,
    Object.fromEntries(present.map(([name, [, shape]]) => [name, shape])),
    present.map(([, [given]]) => given!.shape),
  );
}

function requireNumbers(where: string, name: string, given: unknown, need?: Need): void {
  if (!(given instanceof tf.Tensor)) {
    throw new UserError(`${where} takes a tensor as ${name}, not ${nameKind(given)}.`);
  }
  const { dtype } = given;
  if (dtype === "float32") return;
  const anyNumbers = need === "mask" || need === "amounts";
  if (anyNumbers && (dtype === "bool" || dtype === "int32")) return;
  const advice = dtype === "int32" || dtype === "bool" ? " Convert it by toFloat() first." : "";
  throw new UserError(`${where} takes ${name} as float32, not ${dtype}.${advice}`);
}

function nameKind(value: unknown): string {
  if (value == null) return String(value);
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

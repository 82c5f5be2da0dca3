import { UserError } from "../runtime/user-error";
import { floatNumbers, type StoredTensor } from "../weights/stored-tensor";
import type { Backbone } from "./backbone";
import type { ExpectedTensor } from "./expected-tensors";

/** What stands between a file of weights and a network, as the lines of a message. */
export interface Mismatch {
  missing: string[];
  misshapen: string[];
  extra: string[];
}

/** Counters and the like, with which no inference computes. */
const unused = /(^|[./])(num_batches_tracked|relative_position_index|position_ids)$/;

/** Compares a file of weights with what a network takes. */
export function compareWeights(
  expected: readonly ExpectedTensor[],
  weights: ReadonlyMap<string, StoredTensor>,
): Mismatch {
  const missing: string[] = [];
  const misshapen: string[] = [];
  const isHeadless = !expected.some(({ name, part }) => part === "classifier" && weights.has(name));
  for (const { name, shape, part } of expected) {
    if (part === "unused" || (part === "classifier" && isHeadless)) continue;
    const tensor = weights.get(name);
    if (!tensor) missing.push(`${name} ${shown(shape)}`);
    else if (!fits(tensor, shape))
      misshapen.push(`${name} is ${tensor.dtype} ${shown(tensor.shape)} and should be ${shown(shape)}`);
  }
  const names = new Set(expected.map(({ name }) => name));
  const extra = [...weights.keys()].filter((name) => !names.has(name) && !unused.test(name));
  return { missing, misshapen, extra };
}

/** How many tensors stand in the way. */
export function countMismatches({ missing, misshapen, extra }: Mismatch): number {
  return missing.length + misshapen.length + extra.length;
}

/** @throws UserError that lists every tensor in the way by name, ten of each kind and how many more. */
export function requireWeights(
  title: string,
  expected: readonly ExpectedTensor[],
  weights: ReadonlyMap<string, StoredTensor>,
): void {
  const mismatch = compareWeights(expected, weights);
  if (countMismatches(mismatch) > 0) throw foreignWeights(title, mismatch);
}

/** The one sentence for weights of another network. */
export function foreignWeights(title: string, { missing, misshapen, extra }: Mismatch): UserError {
  const kinds: [string, string[]][] = [
    ["missing", missing],
    ["of another shape or type", misshapen],
    ["not known there", extra],
  ];
  const lists = kinds
    .filter(([, names]) => names.length > 0)
    .map(([kind, names]) => `${kind}: ${listed(names)}`);
  return new UserError(
    `The weights are not those of ${title}, so nothing of them was loaded; ${lists.join("; ")}. Pass the file of this network.`,
  );
}

/** For logits of weights that hold features alone. */
export function withoutClassifier({ name, cutPoints }: Pick<Backbone, "name" | "cutPoints">): UserError {
  return new UserError(
    `These weights of ${name} have no classifier, so there are no logits. Run to ${cutPoints.at(-1)!.name}.`,
  );
}

const LISTED = 10;

function listed(names: string[]): string {
  const first = names.slice(0, LISTED).join(", ");
  return names.length > LISTED ? `${first} and ${names.length - LISTED} more` : first;
}

function fits(tensor: StoredTensor, shape: readonly (number | null)[]): boolean {
  const { shape: found } = tensor;
  const isFloat = tensor.dtype === "float32" || tensor.dtype === "float64";
  return (
    isFloat &&
    found.length === shape.length &&
    shape.every((size, axis) => (size ?? found[axis]) === found[axis])
  );
}

function shown(shape: readonly (number | null)[]): string {
  return `[${shape.map((size) => size ?? "classes").join(", ")}]`;
}

/** The numbers of a tensor that `requireWeights` has seen. */
export function numbersOf(weights: ReadonlyMap<string, StoredTensor>, name: string): Float32Array {
  return floatNumbers(weights.get(name)!)!;
}

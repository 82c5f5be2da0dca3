import { UserError } from "../runtime/user-error";
import type { StoredTensor } from "../weights/stored-tensor";
import type { Backbone } from "./backbone";
import { catalogue, findInCatalogue } from "./catalogue";
import type { CatalogueEntry, Convention, ConventionName } from "./catalogue-entry";
import { type NamedWeights, namedWeights } from "./named-weights";
import { compareWeights, countMismatches, foreignWeights } from "./require-weights";

/** What a file of weights was found to hold. */
export interface RecognisedArchitecture {
  /** In the catalogue, such as `resnet50`. */
  name: string;
  /** One sentence for a reader: what it is, whose names it has, and what had to be assumed. */
  description: string;
  /** Who named the tensors. */
  convention: ConventionName;
  /** Others of the catalogue whose files have the same tensors, and may be prepared otherwise. */
  alternatives: readonly string[];
}

/** How weights are made a backbone of. */
export interface FromWeightsOptions {
  /** As the catalogue has it, where the tensors alone don't decide, or to be sure; otherwise it is found out. */
  name?: string;
  /** Side of the input in pixels; that of the weights when left out. */
  inputSize?: number;
}

/**
 * Finds out which architecture of the catalogue a state dictionary holds, and whose names its tensors have.
 * @throws UserError where it is none of them, which says what the nearest lacks, by name
 */
export function recogniseArchitecture(
  weights: ReadonlyMap<string, StoredTensor>,
  name?: string,
): RecognisedArchitecture {
  const [{ entry, convention, named }, ...others] = findForms(weights, name);
  const { note } = convention;
  const alternatives = new Set(others.map((other) => other.entry.name));
  alternatives.delete(entry.name);
  const place = named.prefix ? `, below "${named.prefix}"; what is not below it is left aside` : "";
  const names = `${entry.title} with ${convention.name}'s names${place}`;
  return {
    name: entry.name,
    description: note ? `${names}: ${note}.` : `${names}.`,
    convention: convention.name,
    alternatives: [...alternatives],
  };
}

/**
 * The backbone whose weights a state dictionary holds, on the backend that runs. Which one it is, is found out.
 * @param weights tensors by name, as they are read from a file
 * @param digest SHA-256 of the file, which names everything that is computed with these weights
 * @throws UserError that lists missing, misshapen and extra tensors by name; nothing is loaded then
 */
export function backboneFromWeights(
  weights: ReadonlyMap<string, StoredTensor>,
  digest: string,
  { name, inputSize }: FromWeightsOptions = {},
): Backbone {
  const [{ convention, named }] = findForms(weights, name);
  return convention.make(named.tensors, digest, inputSize);
}

interface Form {
  entry: CatalogueEntry;
  convention: Convention;
  named: NamedWeights;
}

/** All forms that fit, the one that is taken first. */
function findForms(weights: ReadonlyMap<string, StoredTensor>, name?: string): [Form, ...Form[]] {
  const entries = name === undefined ? catalogue : [findInCatalogue(name)];
  const compared = entries.flatMap((entry) =>
    entry.conventions.map((convention) => {
      const named = namedWeights(weights, convention);
      const isNear = convention.tensors.slice(0, 3).some((tensor) => named.tensors.has(tensor.name));
      const mismatch = isNear ? compareWeights(convention.tensors, named.tensors) : undefined;
      return { entry, convention, named, mismatch };
    }),
  );
  const near = compared.flatMap(({ mismatch, ...form }) => (mismatch ? [{ form, mismatch }] : []));
  const [first, ...others] = near.filter(({ mismatch }) => countMismatches(mismatch) === 0);
  if (first) return [first.form, ...others.map(({ form }) => form)];
  const [nearest] = near.sort((a, b) => countMismatches(a.mismatch) - countMismatches(b.mismatch));
  if (!nearest) throw unknown(weights, entries);
  const { entry, convention } = nearest.form;
  throw foreignWeights(`${entry.title} with ${convention.name}'s names`, nearest.mismatch);
}

function unknown(weights: ReadonlyMap<string, StoredTensor>, entries: readonly CatalogueEntry[]): UserError {
  const [first] = weights.keys();
  const what = first === undefined ? "no tensors" : `tensors such as ${first}`;
  const known = entries
    .map(({ name, conventions }) => `${name} (${conventions.map((each) => each.name).join(", ")})`)
    .join(", ");
  return new UserError(
    `The weights hold ${what}, which belong to no architecture that is known here. Known are ${known}.`,
  );
}

import { unsuitableWeights } from "./broken-weights";
import type { MemoryBudget } from "./memory-budget";
import type { PickleValue } from "./pickle";
import { StorageReader, type StoredTensor } from "./stored-tensor";
import { TensorView } from "./torch-pickle";

const alone = "Save the model's state_dict() alone: torch.save(model.state_dict(), file).";

/** How deep a state dictionary may lie in a checkpoint. */
const maximalDepth = 4;

/**
 * The state dictionary in what `torch.save` saved: the dictionary itself, or the only one in a checkpoint
 * (`{"epoch": …, "state_dict": {…}, "optimizer": …}`).
 * @throws UserError when there is none, or more than one to choose from
 */
export function gatherStateDictionary(
  file: string,
  value: PickleValue,
  budget: MemoryBudget,
): Map<string, StoredTensor> {
  if (value instanceof TensorView) {
    throw unsuitableWeights(
      file,
      "it holds one tensor without a name",
      'Save a dictionary: {"name": tensor}.',
    );
  }
  if (!(value instanceof Map)) throw unsuitableWeights(file, "it holds no state dictionary", alone);
  const found = stateDictionaries(value, "", 0);
  if (found.length > 1) {
    const names = found.map(({ place }) => place).join(", ");
    throw unsuitableWeights(
      file,
      `it holds several state dictionaries (${names}), and only you know which is wanted`,
      `Save that one alone: torch.save(torch.load(file)["${found[0]?.place.split(".").join('"]["')}"], other).`,
    );
  }
  const [only] = found;
  if (!only) {
    const other = [...value].find(([, entry]) => !(entry instanceof TensorView) && !(entry instanceof Map));
    const why = other ? `its entry ${String(other[0])} is no tensor` : "it holds no tensors";
    throw unsuitableWeights(file, why, alone);
  }
  const reader = new StorageReader();
  return new Map(
    [...withoutWrappers(only.tensors)].map(([name, view]) => {
      budget.take(name, view.byteLength);
      return [name, view.gather(reader)];
    }),
  );
}

interface Found {
  /** The keys that lead to it, with dots between. */
  place: string;
  tensors: Map<string, TensorView>;
}

function stateDictionaries(value: Map<PickleValue, PickleValue>, place: string, depth: number): Found[] {
  const entries = [...value].filter(([name]) => !isExtraState(name));
  const tensors = entries.filter((entry): entry is [string, TensorView] => {
    return typeof entry[0] === "string" && entry[1] instanceof TensorView;
  });
  if (tensors.length > 0 && tensors.length === entries.length) return [{ place, tensors: new Map(tensors) }];
  if (depth === maximalDepth) return [];
  // An optimiser's slots look like a state dictionary.
  return entries.flatMap(([name, inner]) =>
    inner instanceof Map && typeof name === "string" && !/optim|sched/i.test(name)
      ? stateDictionaries(inner, place ? `${place}.${name}` : name, depth + 1)
      : [],
  );
}

/** What modules keep beside their weights by `get_extra_state`; it is theirs alone. */
const isExtraState = (name: PickleValue) => typeof name === "string" && /(^|\.)_extra_state$/.test(name);

/** Takes off what `DataParallel` (`module.`) and `torch.compile` (`_orig_mod.`) put before every name. */
function withoutWrappers<Value>(tensors: Map<string, Value>): Map<string, Value> {
  for (const prefix of ["module.", "_orig_mod."]) {
    const names = [...tensors.keys()];
    if (!names.every((name) => name.length > prefix.length && name.startsWith(prefix))) continue;
    return withoutWrappers(new Map([...tensors].map(([name, value]) => [name.slice(prefix.length), value])));
  }
  return tensors;
}

import { brokenWeights } from "./broken-weights";

/**
 * The index of weights that were saved in several files, as Hugging Face's libraries write it
 * (`model.safetensors.index.json`, `pytorch_model.bin.index.json`): which tensor stands in which file.
 */
export type ShardIndex = ReadonlyMap<string, string>;

/**
 * @param json what the index holds, parsed
 * @returns file names by tensor name
 * @throws UserError when it is not of this form
 */
export function parseShardIndex(file: string, json: object): ShardIndex {
  const { weight_map: map } = json as { weight_map?: unknown };
  const entries = typeof map === "object" && map !== null ? Object.entries(map) : [];
  if (entries.length === 0 || entries.some(([, shard]) => typeof shard !== "string" || shard === ""))
    throw brokenWeights(file, "its weight_map does not say which file each tensor is in");
  return new Map(entries as [string, string][]);
}

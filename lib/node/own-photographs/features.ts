import type { Backbone } from "../../backbones/backbone";
import type { LabelledSet } from "../../transfer/labelled-tokens";
import { type StoredTokens, type TokenSet, tokensPerItem } from "../../transfer/tokens";
import { type ExtractOptions, extractFeatures } from "../feature-store/extract-features";
import { photographSource } from "./photograph-source";
import type { DealtPhotograph } from "./split";

/** Features up to this size are held in memory, where every epoch finds them at once; larger ones stay on disk. */
const mostInMemory = 256 * 2 ** 20;

/** Features of photographs at a cut point, with their labels; those that were computed before are read from disk. */
export async function featuresOf(
  backbone: Backbone,
  cut: string,
  photographs: readonly DealtPhotograph[],
  options: Pick<ExtractOptions, "half" | "onProgress">,
): Promise<LabelledSet> {
  const source = photographSource(photographs, backbone.inputSize);
  const stored = await extractFeatures(backbone, cut, source, options);
  const bytes = stored.count * tokensPerItem(stored) * Float32Array.BYTES_PER_ELEMENT;
  const tokens = bytes > mostInMemory ? stored : inMemory(stored);
  return { tokens, labels: Int32Array.from(photographs, ({ label }) => label) };
}

function inMemory({ read, ...place }: StoredTokens): TokenSet {
  return { ...place, data: read(Array.from({ length: place.count }, (_, i) => i)) };
}

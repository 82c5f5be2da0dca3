import * as path from "node:path";
import type { Backbone } from "../../backbones/backbone";
import type { OnProgress } from "../../runtime/progress";
import type { LabelledTokens } from "../../transfer/labelled-tokens";
import { cachedTokens } from "../feature-cache";
import { cacheFolder } from "../files";
import { photographSource } from "./photograph-source";
import type { DealtPhotograph } from "./split";

/** Features of photographs at a cut point, with their labels; those that were computed before are read from disk. */
export async function featuresOf(
  backbone: Backbone,
  cut: string,
  photographs: readonly DealtPhotograph[],
  onProgress: OnProgress,
): Promise<LabelledTokens> {
  const source = photographSource(photographs, backbone.inputSize);
  const folder = path.join(cacheFolder(), "features");
  const tokens = await cachedTokens(backbone, cut, source, { onProgress, folder });
  return { tokens, labels: Int32Array.from(photographs, ({ label }) => label) };
}

import type { Backbone } from "../backbones/backbone";
import { planScenes } from "../datasets/cutouts/plan";
import { renderScene, type Scene } from "../datasets/cutouts/render";
import { splitCutouts } from "../datasets/cutouts/split";
import { loadCutouts } from "../node/load-cutouts";
import { randomStream } from "../runtime/random";
import { extractTokens, type ImageSource } from "./extract";
import type { LabelledTokens } from "./labelled-tokens";

/** A few cut-outs in clutter, enough for a test: small, but the real images that the table is made of. */
export async function fewScenes(part: "train" | "validation", count: number): Promise<Scene[]> {
  const collection = await loadCutouts();
  const plans = planScenes(splitCutouts(collection, 0)[part], count, randomStream(0, `few scenes/${part}`));
  return plans.map((plan) => renderScene(collection, plan));
}

/** Scenes as images to extract features of. */
export function sourceOf(scenes: readonly Scene[], digest = "few scenes"): ImageSource {
  return { count: scenes.length, digest, load: async (index) => scenes[index]!.image };
}

/** What a backbone makes of scenes at a cut point, with their classes. */
export async function featuresOf(
  backbone: Backbone,
  cut: string,
  scenes: readonly Scene[],
): Promise<LabelledTokens> {
  const tokens = await extractTokens(backbone, cut, sourceOf(scenes));
  return { tokens, labels: Int32Array.from(scenes, ({ label }) => label) };
}

import * as fs from "node:fs";
import * as path from "node:path";
import type { Backbone } from "../../backbones/backbone";
import { maskOnGrid } from "../../datasets/cutouts/mask-on-grid";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { cachedTokens } from "../../node/feature-cache";
import { cacheFolder, writeAtomically } from "../../node/files";
import { withOpenFile } from "../../node/open-file";
import { renderScene, type Scene } from "../../node/render-scene";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import type { TokenSet } from "../../transfer/tokens";
import { readSafetensorsFrom, safetensorsParts } from "../../weights/safetensors";
import { codeDigest } from "../code-digest";
import { colourHistogram, HISTOGRAM_BINS } from "./colour-histogram";
import type { RepeatPlan, SceneKind } from "./repeat-plan";

/** The cut point whose tokens lie on disk; later ones are computed from them. */
export const CACHED_CUT = "stage5";

/** Rows and columns of the finest grid on which masks are kept; coarser ones follow from it. */
export const MASK_SIDE = 14;

/** What is kept of the scenes of a group: what the frozen backbone makes of them, and what is known of them without it. */
export interface GroupScenes {
  /** At `CACHED_CUT`, `[scenes, 14, 14, 112]`. */
  tokens: TokenSet;
  labels: Int32Array;
  /** How much of each position the target covers, 0 … 1, `[scenes, 14 · 14]`. */
  targets: Float32Array;
  /** The same of all distractors together. */
  distractors: Float32Array;
  /** `[scenes, HISTOGRAM_BINS]` */
  histograms: Float32Array;
}

type Facts = Pick<GroupScenes, "targets" | "distractors" | "histograms">;

/** What is kept of a scene follows from its plan, from the code that draws it and from the code that looks at it. */
const FEATURE_CODE = [
  "node/render-scene",
  "node/load-efficientnet-lite0",
  "transfer/extract",
  "experiments/scene-tables/colour-histogram",
];

/** Makes the scenes of a group and looks at them, or reads from disk what was kept; a stop loses one group at most. */
export async function groupScenes(
  collection: SceneCollection,
  backbone: Backbone,
  plan: RepeatPlan,
  group: number,
  kind: SceneKind,
): Promise<GroupScenes> {
  const plans = plan.scenes[kind][group]!;
  const digest = sha256(JSON.stringify([collection.digest, codeDigest(FEATURE_CODE), plans]));
  const file = path.join(cacheFolder(), "features", `scenes-${digest.slice(0, 32)}.safetensors`);
  const kept = readFacts(file, plans.length);
  const made = new Map<number, Scene>();
  const render = async (index: number) => {
    const scene = await renderScene(collection, plans[index]!);
    if (!kept) made.set(index, scene);
    return scene.image;
  };
  const source = { count: plans.length, digest, load: render };
  const tokens = await cachedTokens(backbone, CACHED_CUT, source);
  const labels = Int32Array.from(plans, ({ label }) => label);
  if (kept) return { tokens, labels, ...kept };
  for (const index of plans.keys()) if (!made.has(index)) await render(index);
  const facts = factsOf(plans.map((_, index) => made.get(index)!));
  const tensors = Object.entries(facts).map(([name, data]: [string, Float32Array]) => [
    name,
    { shape: [plans.length, data.length / plans.length], data },
  ]);
  await writeAtomically(file, safetensorsParts(Object.fromEntries(tensors)));
  return { tokens, labels, ...facts };
}

function factsOf(scenes: readonly Scene[]): Facts {
  const rows = (size: number, rowOf: (scene: Scene) => Float32Array) => {
    const data = new Float32Array(scenes.length * size);
    scenes.forEach((scene, i) => {
      data.set(rowOf(scene), i * size);
    });
    return data;
  };
  return {
    targets: rows(MASK_SIDE ** 2, ({ targetMask }) => maskOnGrid(targetMask, MASK_SIDE, MASK_SIDE)),
    distractors: rows(MASK_SIDE ** 2, ({ distractorMask }) =>
      maskOnGrid(distractorMask, MASK_SIDE, MASK_SIDE),
    ),
    histograms: rows(HISTOGRAM_BINS, ({ image }) => colourHistogram(image)),
  };
}

/** Undefined where there is no file or a damaged one. */
function readFacts(file: string, count: number): Facts | undefined {
  if (!fs.existsSync(file)) return undefined;
  try {
    const { tensors, checked } = withOpenFile(file, `The scenes ${file}`, (source) =>
      readSafetensorsFrom(file, source),
    );
    const of = (name: string, size: number) => {
      const { shape, data } = tensors[name] ?? {};
      const fits = shape?.[0] === count && shape[1] === size && data instanceof Float32Array;
      return fits ? data : undefined;
    };
    const [targets, distractors, histograms] = [
      of("targets", MASK_SIDE ** 2),
      of("distractors", MASK_SIDE ** 2),
      of("histograms", HISTOGRAM_BINS),
    ];
    return checked && targets && distractors && histograms ? { targets, distractors, histograms } : undefined;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return undefined;
  }
}

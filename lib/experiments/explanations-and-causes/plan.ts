import type { ExplainOptions } from "../../explain/explain";
import { lastStage } from "../../transfer/regimes";
import type { LineName } from "../scene-tables/line";

/** Each repeat deals things, distractors and backgrounds anew; its first fold is trained and explained. */
export const SEEDS = [0, 1, 2, 3, 4] as const;
export const FOLD = 0;

/** The models that are explained, trained as in frozen-versus-fine-tuned. */
export const MODELS = [
  { regime: lastStage.name, pooling: "attention" },
  { regime: lastStage.name, pooling: "mean" },
] as const satisfies readonly LineName[];

/** How a table calls a model. */
export const modelName = ({ regime, pooling }: LineName) => `${regime}, ${pooling}`;

/** How many test scenes of each repeat are explained: the first ones with a distractor, the same for all models. */
export const SCENES = 40;

interface PlannedMethod {
  name: string;
  /** Absent for a control, which knows nothing of what the model learned. */
  explain?: ExplainOptions;
  /** Whether it is left out of the tests of sanity, which make its map twice more. */
  untested?: true;
}

/** One line of each model: a method with its settings, or a control. */
export const METHODS = [
  // The mean has no weights to show.
  { name: "attention", explain: { method: "attention" } },
  { name: "Grad-CAM", explain: { method: "Grad-CAM" } },
  { name: "Grad-CAM++", explain: { method: "Grad-CAM++" } },
  { name: "HiResCAM", explain: { method: "HiResCAM" } },
  { name: "LayerCAM", explain: { method: "LayerCAM" } },
  { name: "Finer-CAM", explain: { method: "Finer-CAM" } },
  { name: "integrated gradients", explain: { method: "integrated gradients" }, untested: true },
  { name: "SmoothGrad", explain: { method: "SmoothGrad" } },
  { name: "occlusion", explain: { method: "occlusion", window: 64, stride: 32 } },
  { name: "RISE", explain: { method: "RISE", most: 1024 }, untested: true },
  { name: "random attention" },
  { name: "centre prior" },
  { name: "random order" },
] as const satisfies readonly PlannedMethod[];

/** The name of a line of a model. */
export type LineMethod = (typeof METHODS)[number]["name"];

/** The methods and controls of a model. */
export function methodsOf({ pooling }: LineName): readonly (PlannedMethod & { name: LineMethod })[] {
  return METHODS.filter(({ name }) => name !== "attention" || pooling === "attention");
}

/** Images of a deletion or insertion curve after its first. */
export const REMOVAL_STEPS = 7;

/** Random subsets of cells for MuFidelity, and the share of the cells in each. */
export const SUBSETS = { subsets: 128, share: 0.2 } as const;

/** Other backgrounds over which the worth of a scene's own is averaged. */
export const OTHER_BACKGROUNDS = 4;

/** All that decides what is asked of a scene, as plain data: a part of every run's name. */
export const SETTINGS = {
  methods: METHODS,
  removalSteps: REMOVAL_STEPS,
  subsets: SUBSETS,
  otherBackgrounds: OTHER_BACKGROUNDS,
};

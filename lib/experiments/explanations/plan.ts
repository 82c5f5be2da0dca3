import type { ExplainOptions } from "../../explain/explain";

/** How many test scenes of each seed are explained: the first ones, the same for all regimes and methods. */
export const IMAGES = 6;

/** One line of each model: a method with its settings, or a control, which knows nothing of what the model learned. */
export const METHODS = [
  { name: "attention", explain: { method: "attention" } },
  { name: "Grad-CAM", explain: { method: "Grad-CAM" } },
  { name: "Grad-CAM++", explain: { method: "Grad-CAM++" } },
  { name: "integrated gradients", explain: { method: "integrated gradients", steps: 12 } },
  { name: "SmoothGrad", explain: { method: "SmoothGrad", samples: 12 } },
  { name: "occlusion", explain: { method: "occlusion", window: 64, stride: 32 } },
  { name: "RISE", explain: { method: "RISE", masks: 96 } },
  { name: "random attention", explain: undefined },
  { name: "centre prior", explain: undefined },
  { name: "uniform", explain: undefined },
] as const satisfies readonly { name: string; explain: ExplainOptions | undefined }[];

/** Images of a deletion or insertion curve after its first. */
export const REMOVAL_STEPS = 7;

export type LineMethod = (typeof METHODS)[number]["name"];

/** How attention itself is put to the test: permutations of its weights, and the search for others with the same answer. */
export const ATTENTION_TESTS = {
  permutations: 100,
  adversarial: { epsilon: 0.01, starts: 8, iterations: 150 },
} as const;

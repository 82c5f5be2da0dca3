import type { Experiment } from "../experiment";
import { sceneExperiment } from "../scene-tables/scene-experiment";
import { REGIME_LINES } from "../scene-tables/tables";
import { exampleScenes } from "./examples";
import { reportOf, TITLE } from "./report";

/**
 * When does attention help, and how much of its worth is attention? What does fine-tuning add? The mean, a hidden layer as
 * large as attention before the mean, attention, and the target's true mask, on middle-layer, last-layer and fine-tuned
 * features.
 *
 * Command: `npm run reproduce -- --only frozen-versus-fine-tuned`. The answers stand in
 * `data/reference/answers/frozen-versus-fine-tuned.csv`, and what follows from them beside that folder.
 */
export const frozenVersusFineTuned: Experiment = sceneExperiment({
  name: "frozen-versus-fine-tuned",
  title: TITLE,
  lines: REGIME_LINES,
  report: reportOf,
  examples: exampleScenes,
});

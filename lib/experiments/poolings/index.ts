import type { Experiment } from "../experiment";
import { sceneExperiment } from "../scene-tables/scene-experiment";
import { POOLING_LINES } from "../scene-tables/tables";
import { reportOf, TITLE } from "./report";

/**
 * The whole family of poolings on the same frozen tokens: accuracy, parameters, time, and whether they find the target.
 *
 * Command: `npm run reproduce -- --only poolings`. Lines that stand in the table of regimes too are run once for both.
 */
export const poolings: Experiment = sceneExperiment({
  name: "poolings",
  title: TITLE,
  lines: POOLING_LINES,
  report: reportOf,
});

import { randomStream } from "../../runtime/random";
import type { Experiment, RunOptions, RunOutcome } from "../experiment";
import { examplePictures } from "./examples";
import { TITLE } from "./grid";
import { MODELS, SCENES, SEEDS } from "./plan";
import { reportOf } from "./report";
import { COLUMNS, NAMES } from "./rows";
import { explainAgain, runTable, tableScenes } from "./run-table";

/** Seconds that a scene takes on one core. */
const SCENE_SECONDS = 45;

/** Scenes that a spot check explains again, all of one model. */
const SPOT_SCENES = 2;

/**
 * Where do methods say that a model looks, is that what its answer comes from, and which scores of methods can tell?
 *
 * Command: `npm run reproduce -- --only explanations-and-causes`. The answer stands in `data/reference/README.md` and in
 * `data/reference/explanations-and-causes*.csv`, the rows in `data/reference/answers`.
 */
export const explanationsAndCauses: Experiment = {
  name: "explanations-and-causes",
  title: TITLE,
  columns: COLUMNS,
  names: NAMES,
  report: reportOf,
  async run(options: RunOptions): Promise<RunOutcome> {
    const scenes = await tableScenes();
    const rows = await runTable(scenes, options);
    return { rows, examples: await examplePictures(scenes) };
  },
  again: {
    // What a spot check looks at is another each time.
    run: async (_, { committed }) =>
      explainAgain(await tableScenes(), committed, SPOT_SCENES, randomStream(Date.now(), "spot check")),
    changing: [],
    seconds: SEEDS.length * MODELS.length * SCENES * SCENE_SECONDS,
  },
};

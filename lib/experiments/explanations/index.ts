import type { Backbone } from "../../backbones/backbone";
import { ATTENTION_UNITS } from "../../transfer/pooling-choice";
import { runJobs } from "../cutout-scenes/run-jobs";
import type { SeedData } from "../cutout-scenes/seed-data";
import type { Experiment, Row, RunOptions, RunOutcome } from "../experiment";
import { examplePictures } from "./examples";
import { CHECKS, MEASURES, REGIMES, SEEDS, TITLE, TYPICAL_SECONDS } from "./grid";
import { ATTENTION_TESTS, IMAGES, METHODS, REMOVAL_STEPS } from "./plan";
import { COLUMNS, reportOf } from "./report";
import { type RegimeResult, runRegime } from "./run-regime";

/**
 * Where do methods say that a model looks, is that where the object is, and does the model's answer depend on it?
 *
 * Command: `npm run reproduce -- --only explanations`. The answer stands in `data/reference/README.md` and in
 * `data/reference/explanations*.csv`.
 */
export const explanations: Experiment = {
  name: "explanations",
  title: TITLE,
  columns: COLUMNS,
  names: ["regime", "method"],
  run,
  report: reportOf,
};

async function run(options: RunOptions): Promise<RunOutcome> {
  const jobs = SEEDS.flatMap((seed) =>
    REGIMES.map((regime) => ({
      seed,
      regime: regime.name,
      config: {
        attentionUnits: ATTENTION_UNITS,
        regime,
        images: IMAGES,
        methods: METHODS,
        removalSteps: REMOVAL_STEPS,
        attentionTests: ATTENTION_TESTS,
      },
      typicalSeconds: TYPICAL_SECONDS[regime.name]!,
      run: (data: SeedData, backbone: Backbone) => runRegime(regime, data, backbone, seed),
    })),
  );
  const code = ["experiments/explanations/run-regime"];
  const finished = await runJobs({ experiment: explanations.name, code, jobs }, options);
  const ofFirstSeed = finished.filter(({ seed }) => seed === SEEDS[0]);
  return {
    rows: finished.flatMap(({ seed, regime, result }) => rowsOf(regime, seed, result)),
    examples: examplePictures(ofFirstSeed, ofFirstSeed[0]!.data),
  };
}

function rowsOf(regime: string, seed: number, { lines, checks }: RegimeResult): Row[] {
  return lines.map(({ method, scores }) => ({
    regime,
    method,
    seed,
    images: IMAGES,
    ...Object.fromEntries(MEASURES.map(({ column }) => [column, scores[column].toFixed(6)])),
    ...Object.fromEntries(
      CHECKS.map(({ column }) => [column, method === "attention" ? checks[column].toFixed(6) : ""]),
    ),
  }));
}

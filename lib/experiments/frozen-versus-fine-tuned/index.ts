import type { Backbone } from "../../backbones/backbone";
import { ATTENTION_UNITS } from "../../transfer/pooling-choice";
import { runJobs } from "../cutout-scenes/run-jobs";
import type { SeedData } from "../cutout-scenes/seed-data";
import type { Experiment, Row, RunOptions, RunOutcome } from "../experiment";
import { examplePictures } from "./examples";
import { SEEDS, SETTINGS, type Setting, TITLE } from "./grid";
import { COLUMNS, reportOf } from "./report";
import { runSetting, type SettingResult } from "./run-setting";

/**
 * Does attention pooling help a frozen backbone, and what does fine-tuning add to it?
 *
 * Command: `npm run reproduce -- --only frozen-versus-fine-tuned`. The answer stands in `data/reference/README.md` and in
 * `data/reference/frozen-versus-fine-tuned*.csv`.
 */
export const frozenVersusFineTuned: Experiment = {
  name: "frozen-versus-fine-tuned",
  title: TITLE,
  columns: COLUMNS,
  names: ["regime", "pooling"],
  run,
  report: reportOf,
};

async function run(options: RunOptions): Promise<RunOutcome> {
  const jobs = SEEDS.flatMap((seed) =>
    SETTINGS.map((setting) => {
      const { regime, pooling, fit, typicalSeconds } = setting;
      return {
        seed,
        setting,
        // What the grid says of a run is part of its config, so the grid's own code need not be.
        config: { attentionUnits: ATTENTION_UNITS, line: { regime, pooling, fit } },
        typicalSeconds,
        run: (data: SeedData, backbone: Backbone) => runSetting(setting, data, backbone, seed),
      };
    }),
  );
  const code = ["experiments/frozen-versus-fine-tuned/run-setting"];
  const finished = await runJobs({ experiment: frozenVersusFineTuned.name, code, jobs }, options);
  const ofFirstSeed = finished.filter(({ seed }) => seed === SEEDS[0]);
  return {
    rows: finished.map(({ seed, setting, result }) => rowOf(setting, seed, result)),
    examples: examplePictures(ofFirstSeed, ofFirstSeed[0]!.data),
  };
}

function rowOf({ regime, pooling }: Setting, seed: number, result: SettingResult): Row {
  const { testAccuracy, best, trainedParameters, massInsideMask } = result;
  return {
    regime,
    pooling,
    seed,
    test_accuracy: testAccuracy.toFixed(6),
    validation_accuracy: best.validationAccuracy.toFixed(6),
    best_epoch: best.epoch,
    trained_parameters: trainedParameters,
    mass_inside_mask: massInsideMask?.toFixed(6) ?? "",
  };
}

import { loadEfficientNetLite0 } from "../../backbones/efficientnet-lite0";
import { loadCutouts } from "../../datasets/cutouts/load";
import { startTensorFlow } from "../../runtime/tensorflow";
import { UserError } from "../../runtime/user-error";
import { ATTENTION_UNITS } from "../../transfer/pooling-choice";
import { codeDigest } from "../code-digest";
import type { Experiment, Row, RunOptions, RunOutcome } from "../experiment";
import { findRecord, type RunConfig, recordedRun } from "../run-record";
import { examplePictures } from "./examples";
import { EXTRACTION_SECONDS, SCENES, SEEDS, SETTINGS, type Setting } from "./grid";
import { COLUMNS, reportOf } from "./report";
import { runSetting, type SettingResult } from "./run-setting";
import { SeedData } from "./seed-data";

/**
 * Does attention pooling help a frozen backbone, and what does fine-tuning add to it?
 *
 * Command: `npm run reproduce -- --only frozen-versus-fine-tuned`. The answer stands in README and in
 * `data/reference/frozen-versus-fine-tuned*.csv`.
 */
export const frozenVersusFineTuned: Experiment = {
  name: "frozen-versus-fine-tuned",
  title: "Frozen versus fine-tuned, mean versus attention",
  chance: 1 / 8,
  columns: COLUMNS,
  run,
  report: reportOf,
};

// Where the digits come from. The grid is not among them: what it says of a run is part of the run's config.
const CODE = [
  "runtime/random.js",
  "images",
  "datasets",
  "weights",
  "graph",
  "attention",
  "backbones",
  "transfer",
];
const OWN_CODE = ["run-setting.js", "seed-data.js", "colour-histogram.js"];

async function run({ onProgress, onNote }: RunOptions): Promise<RunOutcome> {
  const { backend, tensorflow, threads, oneDnn, tfjs, summary } = await startTensorFlow();
  onNote(summary);
  // Said now, not by the first line that fine-tunes, minutes later.
  if (backend !== "native") {
    throw new UserError(
      `This table fine-tunes convolutions, which the ${backend} backend can't. \`npm run doctor\` says why the native one ` +
        "is missing; the notebooks run on this one too.",
    );
  }
  const backbone = await loadEfficientNetLite0();
  const collection = await loadCutouts();
  const shared = {
    experiment: "frozen-versus-fine-tuned",
    scenes: SCENES,
    attentionUnits: ATTENTION_UNITS,
    backbone: backbone.digest,
    code: codeDigest([...CODE, ...OWN_CODE.map((file) => `experiments/frozen-versus-fine-tuned/${file}`)]),
    machine: { backend, tensorflow, threads, oneDnn, tfjs },
  };
  const jobs = SEEDS.flatMap((seed) => {
    const data = new SeedData(collection, backbone, seed, onNote);
    return SETTINGS.map((setting) => {
      const { regime, pooling, fit } = setting;
      const config: RunConfig = { ...shared, seed, split: data.splitDigest, line: { regime, pooling, fit } };
      return { seed, setting, data, config };
    });
  });
  const work = (some: typeof jobs) =>
    some.reduce((sum, { setting }) => sum + setting.typicalSeconds, 0) +
    new Set(some.map(({ seed }) => seed)).size * EXTRACTION_SECONDS;
  const missing = jobs.filter(({ config }) => !findRecord(config));
  let done = work(jobs) - work(missing);
  const report = (more: number) => onProgress((done + more) / work(jobs), 1);
  report(0);
  for (const [i, { config, setting, data, seed }] of missing.entries()) {
    if (missing[i - 1]?.data !== data) {
      await data.extract((share) => report(share * EXTRACTION_SECONDS));
      done += EXTRACTION_SECONDS;
    }
    await recordedRun(config, () => runSetting(setting, data, backbone, seed));
    done += setting.typicalSeconds;
    report(0);
    if (missing[i + 1]?.data !== data) data.forget();
  }
  backbone.dispose();
  const finished = jobs.map((job) => ({ ...job, result: findRecord<SettingResult>(job.config)!.result }));
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

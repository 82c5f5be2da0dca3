import type { Backbone } from "../../backbones/backbone";
import { loadCutouts } from "../../node/load-cutouts";
import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { startTensorFlow } from "../../node/start-tensorflow";
import { codeDigest } from "../code-digest";
import type { RunOptions } from "../experiment";
import { requireNative } from "../require-native";
import { findRecord, type RunConfig, recordedRun } from "../run-record";
import { SCENES } from "./scenes";
import { SeedData } from "./seed-data";

/** One run on the scenes of one seed. */
export interface SceneJob {
  seed: number;
  /** What makes this run another than the others of its seed, as plain data. */
  config: Record<string, unknown>;
  /** Seconds on a plain laptop: for the estimate of the time left, nothing else. */
  typicalSeconds: number;
  run(data: SeedData, backbone: Backbone): Promise<unknown>;
}

export interface JobsOptions<Job extends SceneJob> {
  /** Name of the table. */
  experiment: string;
  /** The modules of the library that compute, see `codeDigest`; those that load backbone and scenes come by themselves. */
  code: readonly string[];
  /** The jobs of one seed stand together. */
  jobs: readonly Job[];
}

/** A job with what came out of it. */
export type FinishedJob<Job extends SceneJob> = Job & {
  result: Awaited<ReturnType<Job["run"]>>;
  data: SeedData;
};

/** Seconds that the features of a seed take on a plain laptop. */
const EXTRACTION_SECONDS = 22;

/**
 * Makes the runs of a table on cut-outs in clutter that are not on record yet, seed by seed, so that the features of
 * one seed at a time are in memory. What is on record is not run again: stop it and it goes on where it was.
 * @returns the jobs in their order, each with its result
 * @throws UserError where no backend is there that can fine-tune convolutions
 */
export async function runJobs<Job extends SceneJob>(
  { experiment, code, jobs }: JobsOptions<Job>,
  { onProgress, onNote }: RunOptions,
): Promise<FinishedJob<Job>[]> {
  const { backend, tensorflow, threads, oneDnn, tfjs, summary } = await startTensorFlow();
  onNote(summary);
  requireNative(backend);
  const backbone = await loadEfficientNetLite0();
  const collection = await loadCutouts();
  const shared = {
    experiment,
    scenes: SCENES,
    backbone: backbone.digest,
    code: codeDigest([...code, "node/load-efficientnet-lite0", "node/load-cutouts"]),
    machine: { backend, tensorflow, threads, oneDnn, tfjs },
  };
  const seeds = [...new Set(jobs.map(({ seed }) => seed))];
  const dataOf = new Map(seeds.map((seed) => [seed, new SeedData(collection, backbone, seed, onNote)]));
  const all = jobs.map((job) => {
    const data = dataOf.get(job.seed)!;
    const config: RunConfig = { ...shared, ...job.config, seed: job.seed, split: data.splitDigest };
    return { job, data, config };
  });
  const work = (some: typeof all) =>
    some.reduce((sum, { job }) => sum + job.typicalSeconds, 0) +
    new Set(some.map(({ data }) => data)).size * EXTRACTION_SECONDS;
  const missing = all.filter(({ config }) => !findRecord(config));
  let done = work(all) - work(missing);
  const report = (more: number) => onProgress((done + more) / work(all), 1);
  report(0);
  for (const [i, { job, data, config }] of missing.entries()) {
    if (missing[i - 1]?.data !== data) {
      await data.extract((share) => report(share * EXTRACTION_SECONDS));
      done += EXTRACTION_SECONDS;
    }
    await recordedRun(config, () => job.run(data, backbone));
    done += job.typicalSeconds;
    report(0);
    if (missing[i + 1]?.data !== data) data.forget();
  }
  backbone.dispose();
  return all.map(({ job, data, config }) => ({
    ...job,
    data,
    result: findRecord<FinishedJob<Job>["result"]>(config)!.result,
  }));
}

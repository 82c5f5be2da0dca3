import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../../node/load-scene-collection";
import type { RandomStream } from "../../runtime/random";
import type { Row, RunOptions } from "../experiment";
import { findRecord, writeRecord } from "../run-record";
import { rowOf } from "./answer-rows";
import { readChoices } from "./choices";
import { type Job, jobsOf, plansOf } from "./job";
import type { SceneLine } from "./line";
import type { SceneKind } from "./repeat-plan";
import { groupsOfFold, type RepeatPlan } from "./repeat-plan";
import type { LineResult } from "./run-line";
import { type TestedThing, testedThings } from "./tested-things";
import { doTasks } from "./worker-pool";

/** The repeats of every table on scenes: each deals everything anew, and tests every target. */
export const TABLE_REPEATS = [0, 1, 2, 3, 4] as const;

/** Seconds that a worker takes for the scenes of a group, for the estimate of the time left. */
const SCENES_SECONDS: Readonly<Record<SceneKind, number>> = { mixture: 5, cells: 12, silhouettes: 2 };

/** Which runs are wanted, and what is known of them. */
export interface WantedRuns {
  repeats: readonly number[];
  /** Rows that are taken as done where their run's name is the same; none to compute everything on this machine. */
  committed: readonly Row[];
}

/** What is known of a table after its runs. */
export interface TableRuns {
  /** In the order of repeats, folds and lines. */
  rows: Row[];
  /** What every repeat of the tables tests, also those that were not wanted. */
  tested: TestedThing[];
}

/**
 * Makes the runs of a table that are not there yet: committed rows and records of this machine are taken as done.
 * @param onRepeat told the rows so far after each repeat that is whole, to keep them
 */
export async function runTable(
  lines: readonly SceneLine[],
  { repeats, committed }: WantedRuns,
  onRepeat: (rows: Row[]) => Promise<void>,
  { onProgress }: Pick<RunOptions, "onProgress">,
): Promise<TableRuns> {
  const { plans, jobs } = await jobsOfTable(lines);
  const wanted = jobs.filter(({ repeat }) => repeats.includes(repeat));
  const rows = new Map<string, Row>();
  const byName = new Map(committed.map((row) => [String(row.run), row]));
  for (const job of wanted) {
    const record = findRecord<LineResult>(job.config);
    const row = byName.get(job.name) ?? (record && rowOf(job, record.result, record.seconds));
    if (row) rows.set(job.name, row);
  }
  const isOpen = ({ name }: Job) => !rows.has(name);
  const secondsOf = (some: readonly Job[]) => some.reduce((sum, { line }) => sum + line.typicalSeconds, 0);
  const all = secondsOf(wanted);
  const ordered = () =>
    wanted.map(({ name }) => rows.get(name)).filter((row): row is Row => row !== undefined);
  onProgress(1 - secondsOf(wanted.filter(isOpen)) / all, 1);
  for (const repeat of repeats) {
    const open = wanted.filter((job) => job.repeat === repeat && isOpen(job));
    if (open.length === 0) continue;
    await compute(open, async (job, result, seconds) => {
      const record = await writeRecord(job.config, result, seconds);
      rows.set(job.name, rowOf(job, record.result, record.seconds));
      onProgress(1 - secondsOf(wanted.filter(isOpen)) / all, 1);
    });
    await onRepeat(ordered());
  }
  return { rows: ordered(), tested: plans.flatMap(testedThings) };
}

/**
 * Computes some runs of a table anew, whatever is known of them: a few lines on one fold, drawn by lot among those that have
 * committed rows.
 * @returns the committed row and today's of each
 */
export async function computeAgain(
  lines: readonly SceneLine[],
  committed: readonly Row[],
  count: number,
  stream: RandomStream,
): Promise<{ committed: Row; now: Row }[]> {
  const { jobs } = await jobsOfTable(lines);
  const byName = new Map(committed.map((row) => [String(row.run), row]));
  const known = jobs.filter(({ name }) => byName.has(name));
  if (known.length === 0) return [];
  const { repeat, fold } = stream.pick(known);
  const ofFold = known.filter((job) => job.repeat === repeat && job.fold === fold);
  const drawn = stream.shuffled(ofFold).slice(0, count);
  const pairs: { committed: Row; now: Row }[] = [];
  await compute(drawn, async (job, result, seconds) => {
    pairs.push({ committed: byName.get(job.name)!, now: rowOf(job, result, seconds) });
  });
  return pairs;
}

async function jobsOfTable(lines: readonly SceneLine[]): Promise<{ plans: RepeatPlan[]; jobs: Job[] }> {
  const collection = await loadSceneCollection();
  const backbone = await loadEfficientNetLite0();
  const plans = plansOf(collection, TABLE_REPEATS);
  const jobs = await jobsOf(lines, plans, { backbone: backbone.digest, choices: readChoices() });
  backbone.dispose();
  return { plans, jobs };
}

/** The scenes first, a group at a time, then the runs. */
async function compute(
  jobs: readonly Job[],
  onDone: (job: Job, result: LineResult, seconds: number) => Promise<void>,
): Promise<void> {
  const scenes = new Map<string, { kind: "scenes"; repeat: number; group: number; scenes: SceneKind }>();
  for (const { repeat, fold } of jobs) {
    const { test, validation, training } = groupsOfFold(fold);
    const need = (group: number, kind: SceneKind) =>
      scenes.set(`${repeat} ${group} ${kind}`, { kind: "scenes", repeat, group, scenes: kind });
    need(test, "cells");
    need(test, "silhouettes");
    for (const group of [...training, validation]) need(group, "mixture");
  }
  const longestFirst = [...scenes.values()].sort(
    (one, other) => SCENES_SECONDS[other.scenes] - SCENES_SECONDS[one.scenes],
  );
  await doTasks<"scenes">(longestFirst, async () => {});
  const byName = new Map(jobs.map((job) => [job.name, job]));
  await doTasks<"run">(
    jobs.map(({ repeat, fold, fit, name }) => ({ kind: "run" as const, repeat, fold, fit, name })),
    (task, result, seconds) => onDone(byName.get(task.name)!, result, seconds),
  );
}

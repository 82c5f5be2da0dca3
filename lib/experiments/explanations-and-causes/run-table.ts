import type { SceneCollection } from "../../datasets/scenes/collection";
import type { SceneDescription } from "../../datasets/scenes/description";
import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { startTensorFlow } from "../../node/start-tensorflow";
import type { RandomStream } from "../../runtime/random";
import type { Row, RowAgain, RunOptions } from "../experiment";
import { requireNative } from "../require-native";
import { findRecord, writeRecord } from "../run-record";
import { readChoices } from "../scene-tables/choices";
import { planRepeat } from "../scene-tables/repeat-plan";
import { WORKER_THREADS } from "../scene-tables/worker-pool";
import type { SceneResult } from "./explain-scene";
import { COMPARED_MODEL } from "./grid";
import { jobsOf, type SceneJob } from "./job";
import { explainModels } from "./model-processes";
import { FOLD, modelName, SEEDS } from "./plan";
import { rowsOf, thingOf } from "./rows";
import { scenesOf } from "./run-model";
import type { ModelTask } from "./worker";

/** The scenes of the table with what is known of each. */
export interface TableScenes {
  collection: SceneCollection;
  jobs: SceneJob[];
  descriptionOf(job: SceneJob): SceneDescription;
  /** The near-duplicates that a scene's target belongs to. */
  thingOf(job: SceneJob): string;
}

/** Plans all scenes of the table. @throws UserError where no backend is there that can fine-tune convolutions */
export async function tableScenes(): Promise<TableScenes> {
  const { backend, tensorflow, oneDnn, tfjs } = await startTensorFlow();
  requireNative(backend);
  const collection = await loadSceneCollection();
  const backbone = await loadEfficientNetLite0();
  const plans = SEEDS.map((seed) => planRepeat(collection, seed));
  const machine = { backend, tensorflow, oneDnn, tfjs, threads: WORKER_THREADS };
  const jobs = jobsOf(plans, { backbone: backbone.digest, machine, choices: readChoices() });
  backbone.dispose();
  const planOf = new Map(plans.map((plan) => [plan.repeat, plan]));
  const descriptionOf = ({ seed, number }: SceneJob) => scenesOf(planOf.get(seed)!)[number]!;
  return {
    collection,
    jobs,
    descriptionOf,
    thingOf: (job) => thingOf(descriptionOf(job), planOf.get(job.seed)!.groups[FOLD]!),
  };
}

/**
 * Explains the scenes that are not done yet, a model in a process: committed rows and records of this machine are taken as done.
 * @returns the rows in the order of seeds, models and scenes
 */
export async function runTable(
  { jobs, thingOf }: TableScenes,
  { onProgress, committed, onRows }: RunOptions,
): Promise<Row[]> {
  const rows = new Map<string, Row[]>();
  for (const row of committed) rows.set(String(row.run), [...(rows.get(String(row.run)) ?? []), row]);
  const keep = (job: SceneJob, result: SceneResult) => rows.set(job.name, rowsOf(job, thingOf(job), result));
  for (const job of jobs) {
    if (rows.has(job.name)) continue;
    const record = findRecord<SceneResult>(job.config);
    if (record) keep(job, record.result);
  }
  const isOpen = ({ name }: SceneJob) => !rows.has(name);
  const ordered = () => jobs.flatMap(({ name }) => rows.get(name) ?? []);
  const report = () => onProgress(jobs.length - jobs.filter(isOpen).length, jobs.length);
  report();
  await explainModels(tasksOf(jobs.filter(isOpen)), async ({ seed, fit }, number, result, seconds) => {
    const isOf = ({ line, ...job }: SceneJob) =>
      job.seed === seed && job.number === number && modelName(line) === modelName(fit);
    const job = jobs.find(isOf)!;
    await writeRecord(job.config, result, seconds);
    keep(job, result);
    report();
    await onRows(ordered());
  });
  return ordered();
}

/**
 * Explains a few scenes again that have committed rows, of one model drawn by lot.
 * @returns the committed and today's rows of each scene
 */
export async function explainAgain(
  { jobs, thingOf }: TableScenes,
  committed: readonly Row[],
  count: number,
  stream: RandomStream,
): Promise<RowAgain[]> {
  const known = jobs.filter(({ name }) => committed.some(({ run }) => run === name));
  if (known.length === 0) return [];
  const { seed, line } = stream.pick(known);
  const ofModel = known.filter((job) => job.seed === seed && job.line === line);
  const drawn = stream.shuffled(ofModel).slice(0, count);
  const pairs: RowAgain[] = [];
  await explainModels(tasksOf(drawn), async (_, number, result) => {
    const job = drawn.find((other) => other.number === number)!;
    const before = committed.filter(({ run }) => run === job.name);
    for (const now of rowsOf(job, thingOf(job), result))
      pairs.push({ committed: before.find(({ method }) => method === now.method)!, now });
  });
  return pairs;
}

/** A task for each model of each seed, with its scenes. The model whose methods are compared comes first: its rows decide most. */
function tasksOf(jobs: readonly SceneJob[]): ModelTask[] {
  const tasks = new Map<string, ModelTask>();
  for (const { line, seed, fit, number } of jobs) {
    const key = `${seed} ${modelName(line)}`;
    const task = tasks.get(key) ?? { seed, fit, scenes: [] };
    task.scenes.push(number);
    tasks.set(key, task);
  }
  const isCompared = ({ fit }: ModelTask) => Number(modelName(fit) === COMPARED_MODEL);
  return [...tasks.values()].sort((one, other) => isCompared(other) - isCompared(one));
}

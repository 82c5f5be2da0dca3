import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../backbones/backbone";
import type { OnProgress } from "../../runtime/progress";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import type { PoolingName } from "../../transfer/pooling-choice";
import { loadEfficientNetLite0 } from "../load-efficientnet-lite0";
import { startTensorFlow } from "../start-tensorflow";
import type { LabelledPhotographs, Part } from "./labelled-folder";
import { linesOf, type OwnRegime, type TransferLine } from "./lines";
import { type DealtPhotograph, type DealtSet, dealPhotographs } from "./split";
import { surveyPhotographs } from "./survey";

/** What a transfer to one's own photographs may be told. */
export interface OwnTransferOptions {
  /** EfficientNet-Lite0 when left out. It stays the caller's. */
  backbone?: Backbone;
  /** `probe` and `last stage` when left out: a classifier on frozen features, and the last stage trained with it. */
  regimes?: readonly OwnRegime[];
  /** `mean`, `hidden mean` and `attention` when left out. */
  poolings?: readonly PoolingName[];
  /** A cut point up to which the backbone is frozen, in place of the regimes' own. */
  cut?: string;
  /** How many times each line is trained, from different random weights; 1 when left out. All share one split. */
  seeds?: number;
  /** Decides the split, and with which seeds training begins; 1 when left out. */
  seed?: number;
  /** Where what is finished is kept, so that a run that was stopped goes on; nothing is kept when left out. */
  folder?: string;
  /** Keeps features on disk in half precision: half of the room, each number rounded to three digits. */
  half?: boolean;
  /** Leaves damaged photographs out and counts them, instead of stopping at the first. */
  skipDamaged?: boolean;
  /** Called as work goes on: what is done (`photographs`, `features`, `training`), how much of it, and of how much. */
  onProgress?: (step: string, done: number, total: number) => void;
}

/** What is known before anything is computed. */
export interface PreparedTransfer {
  backbone: Backbone;
  set: DealtSet;
  lines: TransferLine[];
  /** Seeds of the trainings. */
  seeds: number[];
  /** The seed of the split. */
  seed: number;
  /** What decides the digits of every line: photographs, split, weights, machine. */
  config: unknown;
}

/** Where records of a run lie. */
export const recordsFolder = (folder: string | undefined) =>
  folder === undefined ? undefined : path.join(folder, "runs");

/** Looks at the photographs, deals them, and says what is to be trained. */
export async function prepareTransfer(
  photographs: LabelledPhotographs,
  options: OwnTransferOptions,
): Promise<PreparedTransfer> {
  const { seeds = 1, seed = 1, skipDamaged, onProgress } = options;
  if (!photographs?.photographs)
    throw new UserError("A transfer takes labelled photographs, such as `labelledFolder` lists them.");
  const files = photographs.photographs.map(({ file }) => file);
  const records = recordsFolder(options.folder);
  const surveyed = await surveyPhotographs(files, {
    ...(records && { record: path.join(records, "photographs.jsonl") }),
    ...(skipDamaged !== undefined && { skipDamaged }),
    ...(onProgress && { onProgress: stepOf(onProgress, "photographs") }),
  });
  const set = dealPhotographs(photographs, surveyed.photographs, surveyed.damaged, seed);
  const { backend, tensorflow, oneDnn, threads } = await startTensorFlow();
  const backbone = options.backbone ?? (await loadEfficientNetLite0());
  const lines = linesOf(backbone, partOf(set, "training").length, options);
  const dealt = set.photographs.map(({ digest, label, part }) => `${digest} ${label} ${part}`);
  const config = {
    photographs: sha256([...set.classes, ...dealt].join("\n")),
    backbone: backbone.digest,
    machine: { backend, tensorflow, oneDnn, threads, tfjs: tf.version_core },
    ...(options.half && { precision: "half" }),
  };
  return { backbone, set, lines, seeds: Array.from({ length: seeds }, (_, i) => seed + i), seed, config };
}

/** The photographs of one part. */
export function partOf({ photographs }: DealtSet, part: Part): DealtPhotograph[] {
  return photographs.filter((one) => one.part === part);
}

/** Progress of one step. */
export function stepOf(onProgress: OwnTransferOptions["onProgress"], step: string): OnProgress {
  return (done, total) => onProgress?.(step, done, total);
}

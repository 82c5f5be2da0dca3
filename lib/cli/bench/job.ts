import type { TransferLine, Work } from "./cases";

/** All that a process needs to work on a case; it is handed over as one argument. */
export interface Job {
  work: Work;
  /** Holds `inputs.safetensors`, which all sides read. */
  folder: string;
  threads: number;
  /** EfficientNet-Lite0 as an ONNX file. */
  onnx: string;
  classes: number;
  attentionUnits: number;
  checkedSteps: number;
  /** Photographs to extract features of. */
  images: string[];
  /** Scenes of the transfer. */
  parts: Record<string, { files: string[]; labels: number[] }>;
  lines: readonly TransferLine[];
  seed: number;
}

/** What the bench asks of a process, one line of JSON each. */
export type Question = { ask: "check" } | { ask: "run"; calls: number } | { ask: "memory" };

/** What a process replies; its first reply comes unasked, when it is ready. */
export interface Reply {
  ready?: boolean;
  /** Names and versions of what computes. */
  versions?: Record<string, string>;
  /** Numbers in which all sides must agree. */
  values?: number[];
  /** Of one call. */
  milliseconds?: number;
  /** What the last timed call gave, where that is worth looking at. */
  result?: unknown;
  /** Peak memory of the process; absent where the system does not tell. */
  megabytes?: number | null;
}

/** What marks a line of output as a reply. */
export const REPLY_MARK = "@reply ";

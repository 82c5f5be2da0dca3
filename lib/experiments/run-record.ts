import * as fs from "node:fs";
import * as path from "node:path";
import { cacheFolder, writeAtomically } from "../node/files";
import { sha256 } from "../runtime/sha256";

/** Everything that decides the digits of a run, as plain data: equal configs give equal results. */
export type RunConfig = Record<string, unknown> & { experiment: string; seed: number };

/** What is kept of a run: its config, what came out, and how long it took. */
export interface RunRecord<Result> {
  config: RunConfig;
  result: Result;
  /** Wall-clock time of the run itself, in seconds; features that were made before don't count. */
  seconds: number;
  finishedAt: string;
  /** SHA-256 of all the above: a record that was damaged is noticed by it and made again. */
  digest: string;
}

/**
 * Finds the record of a config that was run before, or runs it and keeps the record: one JSON file, written in
 * one piece under a name that is the hash of the config. A run that was killed leaves nothing and is run again.
 */
export async function recordedRun<Result>(
  config: RunConfig,
  run: () => Promise<Result>,
  folder = recordFolder(config.experiment),
): Promise<RunRecord<Result>> {
  const found = findRecord<Result>(config, folder);
  if (found) return found;
  const started = performance.now();
  const result = await run();
  return writeRecord(config, result, (performance.now() - started) / 1000, folder);
}

/** Keeps what came of a run, which took so many seconds. */
export async function writeRecord<Result>(
  config: RunConfig,
  result: Result,
  seconds: number,
  folder = recordFolder(config.experiment),
): Promise<RunRecord<Result>> {
  const content = { config, result, seconds, finishedAt: new Date().toISOString() };
  const record = { ...content, digest: sha256(canonical(content)) };
  await writeAtomically(recordFile(config, folder), `${JSON.stringify(record, null, 1)}\n`);
  return record;
}

/** The record of a config, if it was run before and its file is whole. */
export function findRecord<Result>(
  config: RunConfig,
  folder = recordFolder(config.experiment),
): RunRecord<Result> | undefined {
  try {
    const record = JSON.parse(fs.readFileSync(recordFile(config, folder), "utf8")) as RunRecord<Result>;
    const { digest, ...content } = record;
    return digest === sha256(canonical(content)) && canonical(record.config) === canonical(config)
      ? record
      : undefined;
  } catch {
    // Missing, or damaged by something else than us: the run is simply made again.
    return undefined;
  }
}

function recordFolder(experiment: string): string {
  return path.join(cacheFolder(), "runs", experiment);
}

function recordFile(config: RunConfig, folder: string): string {
  return path.join(folder, `${sha256(canonical(config)).slice(0, 24)}.json`);
}

/** JSON with sorted keys, so that the order in which a config was written down does not matter. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

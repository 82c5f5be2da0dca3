import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { endProgressLine, terminalProgress } from "../display/cells/progress";
import type { Row } from "../experiments/experiment";
import { dataFolder } from "../node/files";
import { describeDuration } from "../runtime/progress";
import { ATTENTION_UNITS } from "../transfer/pooling-choice";
import { type BenchCase, CHECKED_STEPS, CLASSES, TRANSFER } from "./bench/cases";
import { checkFiles, replaceResults, writeResults } from "./bench/files";
import type { Job } from "./bench/job";
import { busyShare } from "./bench/load";
import { measureCase, type Outcome } from "./bench/measure";
import { HELP, readOptions } from "./bench/options";
import { availablePeers, exportOnnx, installPeers, ourCommand, peerCommand } from "./bench/peers";
import { printProfile } from "./bench/profile";
import { rowsOf, rowsTable } from "./bench/report";
import { writeScenes } from "./bench/scenes";
import { runMain } from "./run-main";

async function main(): Promise<void> {
  const { mode, cases, partial } = readOptions(process.argv.slice(2));
  if (mode === "help") console.log(HELP);
  else if (mode === "check") await checkFiles();
  else {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "attention-bench-"));
    try {
      const job = makeJob(folder);
      await (mode === "profile" ? printProfile(cases[0]!, jobOf(cases[0]!, job)) : time(cases, partial, job));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function time(cases: readonly BenchCase[], partial: boolean, job: Job): Promise<void> {
  const started = performance.now();
  installPeers();
  await exportOnnx(job.onnx);
  if (cases.some(({ work }) => work.kind === "transfer")) job.parts = await writeScenes(job.folder);
  const rows: Row[] = [];
  const versions: Record<string, string> = {};
  const total = cases.reduce((sum, each) => sum + typicalSeconds(each), 0);
  const onProgress = terminalProgress("bench");
  let done = 0;
  onProgress(0, 1);
  let busiest = 0;
  for (const each of cases) {
    busiest = Math.max(busiest, await busyShare());
    const outcome = await timeCase(each, job, (share) =>
      onProgress((done + share * typicalSeconds(each)) / total, 1),
    );
    done += typicalSeconds(each);
    for (const side of [outcome.ours, ...outcome.peers]) Object.assign(versions, side.versions);
    rows.push(...rowsOf(each.name, outcome));
    if (each.work.kind === "transfer") tellAccuracies(outcome);
  }
  endProgressLine();
  console.log(`\n${rowsTable(rows)}\n`);
  if (busiest > QUIET)
    console.log(
      `Other programs kept the processors up to ${Math.round(busiest * 100)} % busy, which slows the sides unevenly: time again on a quiet machine.`,
    );
  const machine = { processor: versions.processor!, threads: String(job.threads), ...versions };
  const obstacle = partial ? await replaceResults(rows, machine) : undefined;
  if (!partial) await writeResults(rows, machine);
  if (obstacle) console.log(`Nothing was written: ${obstacle}`);
  else
    console.log(
      `Written: data/reference/bench.csv and what follows from it (${describeDuration(performance.now() - started)})`,
    );
}

/** Share of the processors that other programs may take before the times are not worth much. */
const QUIET = 0.1;

function timeCase(each: BenchCase, job: Job, onShare: (share: number) => void): Promise<Outcome> {
  const commands = new Map([["this library", ourCommand]]);
  for (const peer of availablePeers(each.peers)) commands.set(peer, (job) => peerCommand(peer, job));
  return measureCase(each, jobOf(each, job), commands, onShare);
}

/** Starting the sides of a case and warming them up takes about as long as this. */
const START_SECONDS = 12;

function typicalSeconds({ typicalSeconds, repetitions, calls }: BenchCase): number {
  return START_SECONDS + typicalSeconds * repetitions * calls;
}

function makeJob(folder: string): Job {
  const photographs = path.join(dataFolder(), "photographs");
  return {
    work: { kind: "transfer" },
    folder,
    threads: os.availableParallelism(),
    onnx: path.join(folder, "efficientnet-lite0.onnx"),
    classes: CLASSES,
    attentionUnits: ATTENTION_UNITS,
    checkedSteps: CHECKED_STEPS,
    images: fs
      .readdirSync(photographs)
      .filter((file) => file.endsWith(".jpg"))
      .map((file) => path.join(photographs, file)),
    parts: {},
    lines: TRANSFER.lines,
    seed: TRANSFER.seed,
  };
}

function jobOf({ work }: BenchCase, job: Job): Job {
  if (work.kind !== "extraction") return { ...job, work };
  // The same few photographs again and again, until there are as many as asked for.
  const images = Array.from({ length: work.images }, (_, i) => job.images[i % job.images.length]!);
  return { ...job, work, images };
}

/** Both sides should have learned the same; single accuracies differ by chance, for each draws its own weights. */
function tellAccuracies({ ours, peers }: Outcome): void {
  endProgressLine();
  for (const { name, result } of [ours, ...peers]) {
    const percent = (result as number[]).map((accuracy) => (accuracy * 100).toFixed(0));
    console.log(`Test accuracy of the lines, ${name}: ${percent.join(", ")} %`);
  }
}

runMain(main);

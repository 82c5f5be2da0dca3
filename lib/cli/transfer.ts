import * as path from "node:path";
import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { cacheFolder } from "../node/files";
import { loadBackbone } from "../node/own-photographs/backbones";
import { estimateTransfer } from "../node/own-photographs/estimate";
import { labelledFolder, publishedPhotographs } from "../node/own-photographs/labelled-folder";
import { partOf } from "../node/own-photographs/prepare";
import { transfer } from "../node/own-photographs/transfer";
import { startTensorFlow } from "../node/start-tensorflow";
import { describeDuration, type OnProgress } from "../runtime/progress";
import { runMain } from "./run-main";
import { HELP, readOptions } from "./transfer/options";
import { writeResults } from "./transfer/run";

async function main(): Promise<void> {
  const command = readOptions(process.argv.slice(2));
  if (command.help) {
    console.log(HELP);
    return;
  }
  const { photographs: folder, device, dryRun } = command;
  const name = command.dataset ?? path.basename(folder);
  const out = command.out ?? path.join(cacheFolder(), "transfer", name);
  const { dataset, seed } = command;
  const set = dataset === undefined ? labelledFolder(folder) : publishedPhotographs(dataset, folder, seed);
  for (const { kind, count, example } of set.passedOver)
    console.log(`passed over: ${count} × ${kind}, such as ${example}`);
  console.log((await startTensorFlow(device)).summary);
  const backbone = await loadBackbone(command.backbone);
  const { regimes, poolings, cut, seeds, skipDamaged, half } = command;
  const options = {
    backbone,
    seeds,
    seed,
    skipDamaged,
    half,
    onProgress: progressOfSteps(),
    ...(regimes && { regimes }),
    ...(poolings && { poolings }),
    ...(cut !== undefined && { cut }),
  };
  if (dryRun) {
    const { prepared, seconds } = await estimateTransfer(set, options);
    endProgressLine();
    const counts = (["training", "validation", "test"] as const).map(
      (part) => `${partOf(prepared.set, part).length} for ${part}`,
    );
    console.log(
      `${prepared.set.photographs.length} photographs of ${set.classes.length} classes: ${counts.join(", ")}`,
    );
    for (const { name: line, regime } of prepared.lines)
      console.log(
        `would train: ${line}, frozen up to ${regime.frozenUpTo}, ${regime.plan.epochs} epochs, 3 step sizes`,
      );
    console.log(`It would take about ${describeDuration(seconds * 1000)} and write to ${out}.`);
    return;
  }
  const result = await transfer(set, { ...options, folder: out });
  endProgressLine();
  await writeResults(result, out, name);
  for (const { line, accuracy } of result.lines) {
    const [mean, lower, upper] = [accuracy.mean, accuracy.lower, accuracy.upper].map((share) =>
      (share * 100).toFixed(1),
    );
    console.log(`${line.name}: ${mean} % (${lower} … ${upper}) of ${result.tested.length} test photographs`);
  }
  console.log(`The report is ${path.join(out, "report.html")}`);
  console.log(`Ask the model: npm run predict -- ${path.relative(process.cwd(), out) || "."} IMAGE`);
}

/** A line of progress for each step. */
function progressOfSteps(): (step: string, done: number, total: number) => void {
  const lines = new Map<string, OnProgress>();
  return (step, done, total) => {
    const line = lines.get(step) ?? terminalProgress(step);
    lines.set(step, line);
    line(done, total);
  };
}

runMain(main);

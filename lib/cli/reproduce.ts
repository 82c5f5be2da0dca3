import * as fs from "node:fs";
import * as path from "node:path";
import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { terminalTable } from "../display/cells/table";
import type { Experiment, Report, Row, RunOptions } from "../experiments/experiment";
import { explanationsAndCauses } from "../experiments/explanations-and-causes";
import { frozenVersusFineTuned } from "../experiments/frozen-versus-fine-tuned";
import { poolings } from "../experiments/poolings";
import {
  asCsv,
  besideRows,
  filesOf,
  type GeneratedFiles,
  readRows,
  rowsFile,
  staleFiles,
  writeFiles,
} from "../experiments/table-files";
import { projectFolder, writeAtomically } from "../node/files";
import { describeDuration } from "../runtime/progress";
import { UserError } from "../runtime/user-error";
import { comparedAgain } from "./reproduce/compare-again";
import { expectationAge } from "./reproduce/expectation";
import { HELP, readOptions } from "./reproduce/options";
import { exampleSheet, summaryFigure } from "./reproduce/pictures";
import { runMain } from "./run-main";

const EXPERIMENTS: readonly Experiment[] = [frozenVersusFineTuned, poolings, explanationsAndCauses];

async function main(): Promise<void> {
  const { help, mode, again, experiments } = readOptions(process.argv.slice(2), EXPERIMENTS);
  if (help) {
    console.log(HELP);
    return;
  }
  if (mode === "make") sayHowLong(experiments, again);
  for (const experiment of experiments) {
    if (mode !== "make" && isNotComputedYet(experiment)) {
      console.log(
        `${experiment.name}: not computed yet; \`npm run reproduce -- --only ${experiment.name}\` does.`,
      );
    } else if (mode === "check") await checkTable(experiment);
    else if (mode === "compare") await compareTable(experiment);
    else await makeTable(experiment, again);
  }
}

/** Neither its rows nor what follows from them are there; where only the rows are missing, they were lost. */
function isNotComputedYet(experiment: Experiment): boolean {
  return ![rowsFile(experiment), besideRows(experiment, "-summary.csv")].some((file) => fs.existsSync(file));
}

function sayHowLong(experiments: readonly Experiment[], again: boolean): void {
  if (!again) return;
  const seconds = experiments.reduce((sum, experiment) => sum + experiment.again.seconds, 0);
  const onTwo = describeDuration((seconds / 2) * 1000);
  console.log(`Everything anew: about ${onTwo} on two cores. It may be stopped and goes on where it was.`);
}

/** Computes some of the runs again and holds them against what is committed. */
async function compareTable(experiment: Experiment): Promise<void> {
  console.log(experiment.title);
  const extent = experiment === EXPERIMENTS[0] ? "first repeat" : "spot check";
  const options = runOptions(experiment, committedRows(experiment));
  const pairs = await experiment.again.run(extent, options);
  endProgressLine();
  console.log(comparedAgain(experiment, pairs));
}

function committedRows(experiment: Experiment): Row[] {
  return fs.existsSync(rowsFile(experiment)) ? readRows(experiment) : [];
}

function runOptions(experiment: Experiment, committed: readonly Row[]): RunOptions {
  return {
    onProgress: terminalProgress(experiment.name),
    committed,
    onRows: (rows) => writeAtomically(rowsFile(experiment), asCsv(rows, experiment.columns)),
  };
}

async function makeTable(experiment: Experiment, again: boolean): Promise<void> {
  const started = performance.now();
  console.log(experiment.title);
  const file = rowsFile(experiment);
  const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
  const options = runOptions(experiment, again ? [] : committedRows(experiment));
  // Where all is computed anew, what is committed stays until all is there.
  const { rows, examples, files } = await experiment.run(
    again ? { ...options, onRows: async () => {} } : options,
  );
  endProgressLine();
  await writeFiles(new Map(files ?? []));
  const report = experiment.report(rows);
  await writeAtomically(file, asCsv(rows, experiment.columns));
  await writeFiles(await generated(experiment, report));
  if (examples) await writeAtomically(besideRows(experiment, "-examples.jpg"), await exampleSheet(examples));
  printReport(report);
  if (before !== undefined) console.log(compareWithEarlier(experiment, rows, before));
  console.log(
    `Written: ${path.relative(projectFolder(), file)} and what follows from it, tables on their page included (${describeDuration(performance.now() - started)})`,
  );
}

/** Everything that must follow from the rows: summaries, the tables on their page, figures. */
async function generated(experiment: Experiment, report: Report): Promise<GeneratedFiles> {
  const files = filesOf(experiment, report);
  files.set(besideRows(experiment, ".svg"), await summaryFigure(report.figure));
  for (const { ending, figure } of report.more ?? [])
    files.set(besideRows(experiment, `-${ending}.svg`), await summaryFigure(figure));
  return files;
}

async function checkTable(experiment: Experiment): Promise<void> {
  const report = reportOfFile(experiment);
  const stale = staleFiles(await generated(experiment, report)).map((file) =>
    path.relative(projectFolder(), file),
  );
  if (stale.length > 0) {
    throw new UserError(
      `${stale.join(", ")} ${stale.length > 1 ? "don't" : "doesn't"} follow from ${path.relative(projectFolder(), rowsFile(experiment))}. ` +
        "Run `npm run reproduce` and commit what it writes.",
    );
  }
  console.log(`${experiment.name}: pages, summaries and figure follow from the rows.`);
  console.log(expectationAge(experiment));
}

/** The report on the committed rows; what is wrong with them is said with the name of their file. */
function reportOfFile(experiment: Experiment): Report {
  const rows = readRows(experiment);
  try {
    return experiment.report(rows);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path.relative(projectFolder(), rowsFile(experiment))}: ${error.message}`);
  }
}

function printReport({ tables }: Report): void {
  const texts = tables.map(({ caption, columns, rows }) => {
    const named = rows.map((cells) => Object.fromEntries(columns.map(({ title }, i) => [title, cells[i]!])));
    return [...(caption ? [caption] : []), terminalTable(named)].join("\n");
  });
  console.log(`\n${texts.join("\n\n")}\n`);
}

/** Says whether this machine got the digits that stood in the file before. */
function compareWithEarlier(experiment: Experiment, rows: readonly Row[], before: string): string {
  const [, ...now] = asCsv(rows, experiment.columns).trimEnd().split("\n");
  const then = new Set(before.trimEnd().replaceAll("\r\n", "\n").split("\n"));
  const equal = now.filter((line) => then.has(line)).length;
  return `${equal} of ${rows.length} rows are equal, digit for digit, to those that stood in ${path.basename(rowsFile(experiment))} before.`;
}

runMain(main);

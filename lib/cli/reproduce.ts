import * as fs from "node:fs";
import * as path from "node:path";
import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { terminalTable } from "../display/cells/table";
import type { Experiment, Report, Row } from "../experiments/experiment";
import { explanations } from "../experiments/explanations";
import { frozenVersusFineTuned } from "../experiments/frozen-versus-fine-tuned";
import {
  asCsv,
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
import { HELP, readOptions } from "./reproduce/options";
import { exampleSheet, summaryFigure } from "./reproduce/pictures";
import { runMain } from "./run-main";

const EXPERIMENTS: readonly Experiment[] = [frozenVersusFineTuned, explanations];

async function main(): Promise<void> {
  const { check, help, experiments } = readOptions(process.argv.slice(2), EXPERIMENTS);
  if (help) {
    console.log(HELP);
    return;
  }
  for (const experiment of experiments) await (check ? checkTable(experiment) : makeTable(experiment));
}

async function makeTable(experiment: Experiment): Promise<void> {
  const started = performance.now();
  console.log(experiment.title);
  const onProgress = terminalProgress(experiment.name);
  const onNote = (message: string) => {
    endProgressLine();
    console.log(message);
  };
  const { rows, examples } = await experiment.run({ onProgress, onNote });
  endProgressLine();
  const before = fs.existsSync(rowsFile(experiment))
    ? fs.readFileSync(rowsFile(experiment), "utf8")
    : undefined;
  const report = experiment.report(rows);
  await writeAtomically(rowsFile(experiment), asCsv(rows, experiment.columns));
  await writeFiles(await generated(experiment, report));
  await writeAtomically(besideRows(experiment, "-examples.jpg"), await exampleSheet(examples));
  printReport(report);
  if (before !== undefined) console.log(compareWithEarlier(experiment, rows, before));
  console.log(
    `Written: ${path.relative(projectFolder(), rowsFile(experiment))} and what follows from it (${describeDuration(performance.now() - started)})`,
  );
}

/** Everything that must follow from the rows: summaries, tables and findings on their pages, the figure of the means. */
async function generated(experiment: Experiment, report: Report): Promise<GeneratedFiles> {
  const files = filesOf(experiment, report);
  return files.set(besideRows(experiment, ".svg"), await summaryFigure(report.figure));
}

function besideRows(experiment: Experiment, ending: string): string {
  return rowsFile(experiment).replace(/\.csv$/, ending);
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

import * as fs from "node:fs";
import * as path from "node:path";
import { parseCsv } from "../../datasets/csv";
import { figureToSvg } from "../../display/figures/static-figure";
import type { Row } from "../../experiments/experiment";
import {
  asCsv,
  type GeneratedFiles,
  pageWith,
  staleFiles,
  tablesPage,
  writeFiles,
} from "../../experiments/table-files";
import { dataFolder, projectFolder, writeAtomically } from "../../node/files";
import { UserError } from "../../runtime/user-error";
import { ratioFigure } from "./figure";
import { COLUMNS, pageTable, withReplaced } from "./report";

const MACHINE_COLUMNS = ["what", "value"] as const;

function reference(name: string): string {
  return path.join(dataFolder(), "reference", name);
}

/** Writes the rows, what they were measured on, the figure and the table on its page. */
export async function writeResults(
  rows: readonly Row[],
  machine: Readonly<Record<string, string>>,
): Promise<void> {
  await write(
    rows,
    Object.entries(machine).map(([what, value]) => ({ what, value })),
  );
}

/**
 * Writes the rows of some cases in the place of their earlier ones, where those come from the same machine.
 * @returns why nothing was written, if so.
 */
export async function replaceResults(
  rows: readonly Row[],
  machine: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  if (!fs.existsSync(reference("bench.csv"))) return "there are no rows of a whole run yet.";
  const about = read("bench-machine.csv", MACHINE_COLUMNS);
  const other = about.find(({ what, value }) => machine[what!] !== undefined && machine[what!] !== value);
  if (other)
    return `the rows in data/reference/bench.csv come from another machine (${other.what} ${other.value}).`;
  await write(withReplaced(read("bench.csv", COLUMNS), rows), about);
  return undefined;
}

async function write(rows: readonly Row[], about: readonly Row[]): Promise<void> {
  await writeAtomically(reference("bench.csv"), asCsv(rows, COLUMNS));
  await writeAtomically(reference("bench-machine.csv"), asCsv(about, MACHINE_COLUMNS));
  await writeFiles(await generated(rows, about));
}

/** @throws UserError when the figure or the table does not follow from the rows. */
export async function checkFiles(): Promise<void> {
  const stale = staleFiles(
    await generated(read("bench.csv", COLUMNS), read("bench-machine.csv", MACHINE_COLUMNS)),
  ).map((file) => path.relative(projectFolder(), file));
  if (stale.length > 0) {
    throw new UserError(
      `${stale.join(", ")} ${stale.length > 1 ? "don't" : "doesn't"} follow from data/reference/bench.csv. ` +
        "Run `npm run bench` and commit what it writes.",
    );
  }
  console.log("bench: page and figure follow from the rows.");
}

async function generated(rows: readonly Row[], machine: readonly Row[]): Promise<GeneratedFiles> {
  return new Map([
    [reference("bench.svg"), await figureToSvg(ratioFigure(rows))],
    ...pageWith(tablesPage(), { "table bench": pageTable(rows, machine) }),
  ]);
}

function read(name: string, columns: readonly string[]): Row[] {
  const file = reference(name);
  if (!fs.existsSync(file)) throw new UserError(`${file} is missing. Run \`npm run bench\` to make it.`);
  return parseCsv(fs.readFileSync(file, "utf8"), file, columns);
}

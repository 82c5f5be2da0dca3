import * as fs from "node:fs";
import * as path from "node:path";
import { formatCsv, parseCsv, requireNumbers } from "../datasets/csv";
import { dataFolder, projectFolder, writeAtomically } from "../node/files";
import { UserError } from "../runtime/user-error";
import type { Experiment, Report, ReportTable, Row } from "./experiment";

/** Everything in the repository that is generated from the rows of a table, by path. */
export type GeneratedFiles = Map<string, string>;

/** The committed rows of an experiment, one per run. */
export function rowsFile({ name }: Pick<Experiment, "name">): string {
  return path.join(dataFolder(), "reference", "answers", `${name}.csv`);
}

/** A file that follows from an experiment's rows, such as `-summary.csv`. */
export function besideRows({ name }: Pick<Experiment, "name">, ending: string): string {
  return path.join(dataFolder(), "reference", `${name}${ending}`);
}

/** Rows as CSV; the columns of the first row where none are named. */
export function asCsv(rows: readonly Row[], columns: readonly string[] = Object.keys(rows[0] ?? {})): string {
  return formatCsv(columns, rows);
}

/**
 * Reads the rows of a table back, as texts.
 * @throws UserError when the file is missing or not of the table's columns, or a number in it is none, by row and column.
 */
export function readRows(experiment: Experiment, file = rowsFile(experiment)): Row[] {
  if (!fs.existsSync(file)) throw new UserError(`${file} is missing. Run \`npm run reproduce\` to make it.`);
  const { columns, names } = experiment;
  const rows = parseCsv(fs.readFileSync(file, "utf8"), file, columns);
  requireNumbers(
    rows,
    columns.filter((column) => !names.includes(column)),
    file,
  );
  return rows;
}

/** The page with every table, `data/reference/README.md`. */
export function tablesPage(): string {
  return path.join(dataFolder(), "reference", "README.md");
}

/**
 * A page of the repository with what stands between its markers replaced.
 * @param blocks name of the markers → what stands between them
 * @throws UserError when the page is missing or lacks markers.
 */
export function pageWith(page: string, blocks: Readonly<Record<string, string>>): GeneratedFiles {
  if (!fs.existsSync(page)) {
    const name = path.relative(projectFolder(), page).replaceAll(path.sep, "/");
    throw new UserError(`${page} is missing. Bring it back, by \`git checkout -- ${name}\`.`);
  }
  const text = Object.entries(blocks).reduce(
    (before, [name, content]) => withBlock(before, name, content, page),
    readText(page),
  );
  return new Map([[page, text]]);
}

/**
 * The files that follow from a report: the summary and the comparisons as CSV beside the rows, the tables on their
 * page, and on the first page what was found, where the report says so.
 * @throws UserError when a page is missing or has no markers for what belongs there.
 */
export function filesOf(experiment: Experiment, report: Report): GeneratedFiles {
  const beside = (ending: string) => besideRows(experiment, `-${ending}.csv`);
  const { name } = experiment;
  const first = path.join(projectFolder(), "README.md");
  return new Map([
    [beside("summary"), asCsv(report.summary)],
    [beside("comparisons"), asCsv(report.comparisons)],
    ...(report.more ?? []).map(({ ending, rows }) => [beside(ending), asCsv(rows)] as const),
    ...pageWith(tablesPage(), { [`table ${name}`]: reportMarkdown(report) }),
    ...(report.finding === undefined ? [] : pageWith(first, { [`finding ${name}`]: report.finding })),
  ]);
}

/** What the page of tables shows of a report: its tables and how to read them. */
export function reportMarkdown({ tables, note }: Report): string {
  return [...tables.map(tableMarkdown), note].join("\n\n");
}

function tableMarkdown({ caption, columns, rows }: ReportTable): string {
  const rules = { left: ":--", centre: ":-:", right: "--:" };
  const header = `|${columns.map(({ title }) => (title ? ` ${title} ` : " ")).join("|")}|`;
  const rule = `|${columns.map(({ align }) => rules[align]).join("|")}|`;
  const table = [header, rule, ...rows.map((cells) => `| ${cells.join(" | ")} |`)].join("\n");
  return caption ? `<details>\n<summary>${caption}</summary>\n\n${table}\n\n</details>` : table;
}

/**
 * Replaces what stands between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 * @param file what an error message calls the text
 * @throws UserError when a marker is missing or the end stands before the beginning.
 */
export function withBlock(text: string, name: string, content: string, file: string): string {
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const start = text.indexOf(begin);
  const stop = text.indexOf(end);
  if (start < 0 || stop < start) {
    throw new UserError(
      `${file} has no place for ${name}. Put the lines ${begin} and ${end} where it belongs.`,
    );
  }
  return `${text.slice(0, start + begin.length)}\n\n${content}\n\n${text.slice(stop)}`;
}

/** Which of the generated files are missing or other than they should be. */
export function staleFiles(files: GeneratedFiles): string[] {
  const current = (file: string) => (fs.existsSync(file) ? readText(file) : undefined);
  return [...files].filter(([file, content]) => current(file) !== content).map(([file]) => file);
}

/** A checkout on Windows may have turned line ends; they make no file stale. */
function readText(file: string): string {
  return fs.readFileSync(file, "utf8").replaceAll("\r\n", "\n");
}

/** Writes the files that differ from what they should be. */
export async function writeFiles(files: GeneratedFiles): Promise<void> {
  for (const file of staleFiles(files)) await writeAtomically(file, files.get(file)!);
}

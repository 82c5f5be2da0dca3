import { UserError } from "../../runtime/user-error";
import { showInCell } from "./cell";
import { escapeHtml } from "./html";

/**
 * What a table's cell may hold; `null` and `undefined` are shown as an empty cell.
 * @inline
 */
export type TableValue = string | number | boolean | null | undefined;
/** A row by the names of its columns; `null` and `undefined` are shown as an empty cell. */
export type TableRow = Record<string, TableValue>;

/**
 * A data frame of danfo, as far as a table reads it.
 * @inline
 */
export interface FrameLike {
  readonly columns: string[];
  readonly values: unknown;
}

/** Rows, whose columns are those of all of them in the order in which they first appear, or a data frame of danfo. */
export type TableSource = readonly TableRow[] | FrameLike;

interface TextTable {
  columns: string[];
  rows: string[][];
  /** Whether a column holds nothing but numbers, which are aligned at the right. */
  numeric: boolean[];
}

function isFrame(source: TableSource): source is FrameLike {
  return !Array.isArray(source);
}

/** Numbers nearer to zero than this are written with an exponent. */
const tiny = 0.001;

/** How many decimals show every number of a column with four significant digits. */
function decimalsFor(values: TableValue[]): number {
  const decimals = values.map((value) => {
    if (typeof value !== "number" || !Number.isFinite(value) || Math.abs(value) < tiny) return 0;
    return String(Number(value.toPrecision(4))).split(".")[1]?.length ?? 0;
  });
  return Math.max(0, ...decimals);
}

function formatValue(value: TableValue, decimals: number): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value);
  if (value !== 0 && Math.abs(value) < tiny) return value.toExponential(2);
  return value.toFixed(decimals);
}

/** `0.812`, `81.2 %`, `0.81 ± 0.02`, `−0.01 [−0.02, 0.00]`, `< 0.001`: text that reads as a number. */
const looksNumeric = /^(NaN|-?Infinity)$|^[<>≤≥≈~]?\s*[-+−]?\d[\d.,\s]*(e[-+]?\d+)?\s*%?(\s*(±|\[|\().*)?$/i;

function toText(source: TableSource): TextTable {
  const rows: TableRow[] = isFrame(source)
    ? (source.values as TableValue[][]).map((values) =>
        Object.fromEntries(source.columns.map((column, index) => [column, values[index]])),
      )
    : [...source];
  const columns = isFrame(source) ? source.columns : [...new Set(rows.flatMap((row) => Object.keys(row)))];
  if (columns.length === 0) throw new UserError("A table needs at least one row with at least one column.");
  const decimals = columns.map((column) => decimalsFor(rows.map((row) => row[column])));
  const text = rows.map((row) => columns.map((column, index) => formatValue(row[column], decimals[index]!)));
  const numeric = columns.map((_, index) => {
    const filled = text.map((cells) => cells[index]!).filter((cell) => cell !== "");
    return filled.length > 0 && filled.every((cell) => looksNumeric.test(cell));
  });
  return { columns, rows: text, numeric };
}

/** How many columns of a terminal a text takes: combining marks none, wide characters two. */
function terminalWidth(text: string): number {
  let width = 0;
  for (const character of text.normalize("NFC")) {
    if (/\p{Mark}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

function padded(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - terminalWidth(text)));
  return right ? space + text : text + space;
}

function aligned({ columns, rows, numeric }: TextTable): {
  header: string[];
  rows: string[][];
  widths: number[];
} {
  const widths = columns.map((column, index) =>
    Math.max(...[column, ...rows.map((row) => row[index]!)].map(terminalWidth)),
  );
  const pad = (cells: string[]) => cells.map((cell, index) => padded(cell, widths[index]!, numeric[index]!));
  return { header: pad(columns), rows: rows.map(pad), widths };
}

/** The table for a terminal: columns aligned, numbers at the right, a line below the header. */
export function terminalTable(source: TableSource): string {
  const { header, rows, widths } = aligned(toText(source));
  const line = widths.map((width) => "─".repeat(width));
  return [header, line, ...rows].map((cells) => cells.join("  ").trimEnd()).join("\n");
}

/** The table as GitHub-flavoured Markdown, aligned in its source as well. */
export function markdownTable(source: TableSource): string {
  const table = toText(source);
  const escapeCell = (cell: string) => cell.replaceAll("|", "\\|").replace(/\r?\n/g, "<br>");
  const escaped = {
    ...table,
    columns: table.columns.map(escapeCell),
    rows: table.rows.map((row) => row.map(escapeCell)),
  };
  // A column of Markdown needs three characters for its line.
  const { header, rows, widths } = aligned(escaped);
  const line = widths.map((width, index) => {
    const dashes = "-".repeat(Math.max(2, width - 1));
    return table.numeric[index] ? `${dashes}:` : `${dashes}-`;
  });
  return [header, line, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** The table as HTML; every text is escaped, so a value can't bring mark-up of its own. */
export function htmlTable(source: TableSource, caption?: string): string {
  const { columns, rows, numeric } = toText(source);
  const side = (index: number) => `text-align: ${numeric[index] ? "right" : "left"}`;
  const head = columns.map(
    (column, index) => `<th scope="col" style="${side(index)}">${escapeHtml(column)}</th>`,
  );
  const body = rows.map(
    (row) =>
      `<tr>${row.map((cell, index) => `<td style="${side(index)}; white-space: nowrap">${escapeHtml(cell)}</td>`).join("")}</tr>`,
  );
  const title = caption
    ? `<caption style="caption-side: top; text-align: left; padding-bottom: 0.5em; white-space: nowrap">${escapeHtml(caption)}</caption>`
    : "";
  return `<table>${title}<thead><tr>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table>`;
}

/**
 * Shows rows, or a data frame of danfo, as a table in the notebook cell.
 * @param options.caption a sentence above the table.
 * @throws UserError outside a tslab kernel, or when there are no columns.
 */
export function showTable(source: TableSource, options: { caption?: string } = {}): void {
  const { caption } = options;
  showInCell("showTable", {
    "text/html": htmlTable(source, caption),
    "text/plain": caption ? `${caption}\n\n${terminalTable(source)}` : terminalTable(source),
  });
}

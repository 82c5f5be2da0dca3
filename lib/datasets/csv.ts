import { UserError } from "../runtime/user-error";

/**
 * Reads comma-separated values as RFC 4180 has them: a header row, quotes around what holds commas, quotes or
 * line breaks, quotes doubled inside.
 *
 * @param origin the file's name, for error messages
 * @param columns the columns that must be there; more are allowed
 * @returns one record a row, by column name
 * @throws UserError when a column is missing or a row has another number of fields than the header
 */
export function parseCsv<Column extends string>(
  text: string,
  origin: string,
  columns: readonly Column[],
): Record<Column, string>[] {
  const [header, ...rows] = fieldsOf(text.replace(/^\uFEFF/, ""), origin);
  const missing = columns.filter((column) => !header?.includes(column));
  if (!header || missing.length > 0) {
    throw new UserError(`${origin} has no column ${missing.join(", ")}. Bring the original file back.`);
  }
  return rows.map((fields, index) => {
    if (fields.length !== header.length) {
      throw new UserError(
        `Row ${index + 2} of ${origin} has ${fields.length} fields where the header has ${header.length}. Mend the row, or bring the original file back.`,
      );
    }
    return Object.fromEntries(header.map((name, column) => [name, fields[column]])) as Record<Column, string>;
  });
}

/**
 * Looks at columns that should hold numbers; an empty field is none, and stands where a column does not apply.
 * @param records as `parseCsv` gives them
 * @throws UserError naming the row of the file and the column of the first field that is no finite number
 */
export function requireNumbers<Column extends string>(
  records: readonly Readonly<Record<Column, string>>[],
  columns: readonly Column[],
  origin: string,
): void {
  for (const [index, record] of records.entries()) {
    for (const column of columns) {
      const field = record[column];
      if (field === "" || (field.trim() !== "" && Number.isFinite(Number(field)))) continue;
      throw new UserError(
        `Row ${index + 2} of ${origin} has "${field}" in the column ${column}, which is no number. Mend it, or bring the original file back.`,
      );
    }
  }
}

/** Writes rows as comma-separated values with a header, quoting only where it is needed. */
export function formatCsv<Column extends string>(
  columns: readonly Column[],
  rows: readonly Record<Column, string | number>[],
): string {
  const field = (value: string | number) => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [columns.join(","), ...rows.map((row) => columns.map((name) => field(row[name])).join(","))];
  return `${lines.join("\n")}\n`;
}

function fieldsOf(text: string, origin: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  // One field and what ends it: a comma, a line break or the end of the text.
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (!match)
      throw new UserError(`A quote in ${origin} is not closed. Mend it, or bring the original file back.`);
    row.push(match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'));
    if (match[3] !== ",") {
      rows.push(row);
      row = [];
    } else if (pattern.lastIndex === text.length) {
      rows.push([...row, ""]);
    }
  }
  return rows;
}

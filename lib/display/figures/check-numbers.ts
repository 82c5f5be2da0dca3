import type { Data, Frame } from "plotly.js-dist";
import { UserError } from "../../runtime/user-error";

interface Trace {
  type?: string;
  name?: string;
  x?: unknown;
  y?: unknown;
  z?: unknown;
  error_x?: { array?: unknown; arrayminus?: unknown };
  error_y?: { array?: unknown; arrayminus?: unknown };
}

type List = ArrayLike<unknown>;

const isList = (value: unknown): value is List =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));

/** The first number that is not finite, as "value 3 is NaN", or in a table "value 3 of row 2 is NaN". */
function broken(values: List): string | undefined {
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    if (isList(value)) {
      const inner = broken(value);
      if (inner) return inner.replace(" is ", ` of row ${index + 1} is `);
    } else if (typeof value === "number" && !Number.isFinite(value)) {
      return `value ${index + 1} is ${value}`;
    }
  }
  return undefined;
}

/** Centres of cells are as many as the cells, and borders one more. */
const fits = (axis: unknown, cells: number) =>
  !isList(axis) || axis.length === cells || axis.length === cells + 1;

function checkGrid({ x, y, z }: Trace, what: string): void {
  if (!isList(z)) return;
  const widths = Array.from(z, (row) => (isList(row) ? row.length : 0));
  if (widths.some((width) => width !== widths[0])) {
    throw new UserError(
      `${what} has rows of ${[...new Set(widths)].join(" and ")} numbers in z; all need the same.`,
    );
  }
  const columns = widths[0] ?? 0;
  if (!fits(x, columns) || !fits(y, widths.length)) {
    const given = [x, y].map((axis) => (isList(axis) ? axis.length : "no")).join(" x and ");
    throw new UserError(`${what} has ${given} y for a z of ${widths.length} rows and ${columns} columns.`);
  }
}

function checkTrace(trace: Trace, what: string): void {
  const { x, y, z, error_x, error_y } = trace;
  const lists: Record<string, unknown> = {
    x,
    y,
    z,
    "error_x.array": error_x?.array,
    "error_x.arrayminus": error_x?.arrayminus,
    "error_y.array": error_y?.array,
    "error_y.arrayminus": error_y?.arrayminus,
  };
  for (const [key, values] of Object.entries(lists)) {
    const where = isList(values) && broken(values);
    if (where) {
      throw new UserError(
        `${what}: in ${key}, ${where}. Leave it out, or put null where the figure has a gap.`,
      );
    }
  }
  if (trace.type === "heatmap" || trace.type === "contour") checkGrid(trace, what);
  else if (isList(x) && isList(y) && x.length !== y.length) {
    throw new UserError(`${what} has ${x.length} values of x and ${y.length} of y; each point needs both.`);
  }
}

/**
 * Plotly leaves out what is not a number, and points that lack their x or y, without a word.
 * @throws UserError for a number that is not finite, lists that do not belong together, and a figure of no values.
 */
export function checkNumbers(
  { data, frames = [] }: { data: readonly Partial<Data>[]; frames?: readonly Partial<Frame>[] },
  figure: string,
): void {
  const traces = data as readonly Trace[];
  const named = (trace: Trace, index: number) =>
    `${figure}, trace ${index + 1}${trace.name ? ` ("${trace.name}")` : ""}`;
  traces.forEach((trace, index) => {
    checkTrace(trace, named(trace, index));
  });
  if (traces.every(({ x, y, z }) => ![x, y, z].some((values) => isList(values) && values.length > 0))) {
    throw new UserError(`${figure} has no values: x, y and z of all its traces are empty.`);
  }
  frames.forEach((frame, index) => {
    for (const trace of (frame.data ?? []) as Trace[])
      checkTrace(trace, `${figure}, frame ${frame.name ?? index + 1}`);
  });
}

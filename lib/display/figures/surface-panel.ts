import { UserError } from "../../runtime/user-error";

/** One surface: differences over two axes of an experiment, with their intervals. */
export interface SurfacePanel {
  /** Above the panel. */
  title: string;
  /** Labels of the rows, the first at the top, and of the columns. */
  rows: readonly string[];
  columns: readonly string[];
  /** `[rows][columns]`, as shares of 1: 0.05 is printed as +5.0 percentage points. */
  values: readonly (readonly number[])[];
  /** The bounds of each value's interval. */
  lower: readonly (readonly number[])[];
  upper: readonly (readonly number[])[];
}

const mostPanels = 12;

/** @throws UserError as `surfaceFigure`. */
export function checkPanels(panels: readonly SurfacePanel[], figure: string): void {
  if (panels.length < 1 || panels.length > mostPanels) {
    throw new UserError(`${figure} has ${panels.length} panels; it can have 1 to ${mostPanels}.`);
  }
  const [first] = panels;
  for (const { title, rows, columns, values, lower, upper } of panels) {
    const panel = `${figure}, panel "${title}"`;
    const axes = [rows, columns].map((labels) => labels.join("\n"));
    if (axes[0] !== first!.rows.join("\n") || axes[1] !== first!.columns.join("\n")) {
      throw new UserError(`${panel} has other rows or columns than the first panel; all share their axes.`);
    }
    for (const [what, table] of Object.entries({ values, lower, upper })) {
      if (table.length !== rows.length || table.some((row) => row.length !== columns.length)) {
        throw new UserError(
          `${panel}: ${what} needs ${rows.length} rows of ${columns.length} numbers, one a cell of the panel.`,
        );
      }
    }
    values.forEach((row, i) => {
      row.forEach((value, j) => {
        const [low, high] = [lower[i]![j]!, upper[i]![j]!];
        if (![value, low, high].every(Number.isFinite) || low > high) {
          throw new UserError(
            `${panel}, ${rows[i]} × ${columns[j]}: the value is ${value} and its interval runs from ${low} to ` +
              `${high}; these are finite shares of 1, the lower bound first.`,
          );
        }
      });
    });
  }
}

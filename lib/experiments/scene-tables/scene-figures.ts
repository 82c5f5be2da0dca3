import { percent, signedPercent } from "../report-cells";
import type { LinesFigure, SurfaceFigure } from "../summary-figure";
import type { JudgedTable, SurfaceCell } from "./judge-table";
import { DISTRACTOR_NUMBERS, TARGET_SIZES } from "./repeat-plan";

// As they stand in the CSV files, so that figures follow from them digit for digit.
const written = (value: number) => Number(value.toFixed(6));

/** Accuracies of all lines with their intervals. */
export function linesFigure(title: string, { lines }: JudgedTable): LinesFigure {
  const rows = lines.map(({ line, accuracy }) => ({
    group: line.regime,
    series: line.pooling,
    mean: written(accuracy.accuracy),
    lower: written(accuracy.lower),
    upper: written(accuracy.upper),
  }));
  const said = rows.map(
    ({ group, series, mean, lower, upper }) =>
      `${group}, ${series}: ${percent(mean)} (${percent(lower)} to ${percent(upper)})`,
  );
  return {
    kind: "lines",
    title,
    axis: "accuracy, % (mean and 95 % interval)",
    chance: 1 / 8,
    rows,
    alt: `${title}. Accuracy in percent with 95 % intervals. ${said.join("; ")}.`,
  };
}

/** A difference over target size and number of distractors, a panel a regime. */
export function surfaceFigure(title: string, quantity: string, cells: readonly SurfaceCell[]): SurfaceFigure {
  const regimes = [...new Set(cells.map(({ first }) => first.regime))];
  const panels = regimes.map((regime) => {
    const at = (size: number, distractors: number) =>
      cells.find(
        (cell) => cell.first.regime === regime && cell.size === size && cell.distractors === distractors,
      )!.result;
    const of = (pick: (result: SurfaceCell["result"]) => number) =>
      TARGET_SIZES.map((size) => DISTRACTOR_NUMBERS.map((number) => written(pick(at(size, number)))));
    return {
      title: regime,
      rows: TARGET_SIZES.map(String),
      columns: DISTRACTOR_NUMBERS.map(String),
      values: of(({ difference }) => difference),
      lower: of(({ lower }) => lower),
      upper: of(({ upper }) => upper),
    };
  });
  const said = panels.map(({ title: regime, rows, columns, values }) => {
    const ofRow = rows.map(
      (size, r) => `target of ${size} px: ${columns.map((_, c) => signedPercent(values[r]![c]!)).join(", ")}`,
    );
    return `${regime}, with ${columns.join(", ")} distractors: ${ofRow.join("; ")}`;
  });
  return {
    kind: "surface",
    title,
    rowAxis: "target's longer side, px",
    columnAxis: "distractors",
    quantity: `${quantity} (percentage points)`,
    panels,
    alt: `${title}: ${quantity} in points. ${said.join(". ")}.`,
  };
}

import type { Row } from "../experiment";
import { percent } from "../report-cells";
import type { MeanRow, PanelsFigure } from "../summary-figure";
import type { MeasureColumn } from "./grid";

/** The measures that the figure shows, one panel each. */
const PANELS: readonly { measure: MeasureColumn; axis: string; said: string }[] = [
  { measure: "mass_inside", axis: "mass inside the object, %", said: "Mass inside the object" },
  { measure: "deletion", axis: "deletion area, % (less is better)", said: "Deletion area" },
  { measure: "insertion", axis: "insertion area, % (more is better)", said: "Insertion area" },
];

/** Localisation and faithfulness by method, a colour for each model. Intervals end where shares do, at 0 and 1. */
export function panelsFigure(summary: readonly Row[], title: string): PanelsFigure {
  const panels = PANELS.map(({ measure, axis }) => ({
    axis,
    rows: summary
      .filter((row) => row.measure === measure)
      .map(
        ({ regime, method, mean, lower, upper }): MeanRow => ({
          group: String(method),
          series: String(regime),
          mean: Number(mean),
          lower: Math.max(0, Number(lower)),
          upper: Math.min(1, Number(upper)),
        }),
      ),
  }));
  const said = panels.map(({ rows }, i) => {
    const means = rows.map(({ group, series, mean }) => `${group}, ${series} ${percent(mean)}`);
    return `${PANELS[i]!.said} in percent: ${means.join("; ")}.`;
  });
  return { kind: "panels", title, groups: "method", panels, alt: `${title}. ${said.join(" ")}` };
}

import { percent } from "../report-cells";
import type { MeanRow, PanelsFigure } from "../summary-figure";
import type { MeasureColumn } from "./measures";
import type { Mean } from "./report-tables";

/** The measures that the figure shows, one panel each. */
const PANELS: readonly { measure: MeasureColumn; axis: string; said: string; least: number }[] = [
  { measure: "selectivity", axis: "selectivity, %", said: "Selectivity in percent", least: 0 },
  {
    measure: "causal_rank",
    axis: "rank correlation with causal worth, hundredths",
    said: "Rank correlation with causal worth in hundredths",
    least: -1,
  },
  {
    measure: "insertion",
    axis: "insertion area, % (more is better)",
    said: "Insertion area in percent",
    least: 0,
  },
];

/** Place, cause and faithfulness by method, a colour for each model. Intervals end where the measures do. */
export function panelsFigure(means: readonly Mean[], title: string): PanelsFigure {
  const panels = PANELS.map(({ measure, axis, least }) => ({
    axis,
    rows: means
      .filter((mean) => mean.measure === measure)
      .map(
        ({ model, method, interval }): MeanRow => ({
          group: method,
          series: model,
          mean: interval.mean,
          lower: Math.max(least, interval.lower),
          upper: Math.min(1, interval.upper),
        }),
      ),
  }));
  const said = panels.map(({ rows }, i) => {
    const each = rows.map(({ group, series, mean }) => `${group}, ${series} ${percent(mean)}`);
    return `${PANELS[i]!.said}: ${each.join("; ")}.`;
  });
  return { kind: "panels", title, groups: "method", panels, alt: `${title}. ${said.join(" ")}` };
}

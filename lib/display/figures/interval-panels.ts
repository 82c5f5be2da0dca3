import type { Data, Layout } from "plotly.js-dist";
import { UserError } from "../../runtime/user-error";
import type { Figure } from "./figure";
import { checkIntervals, type IntervalRow, intervalMarkers } from "./interval-markers";
import { seriesStyles } from "./series-styles";

/** One measure; panels side by side share their groups. */
export interface IntervalPanel {
  /** Title of the axis of the means, with its unit. */
  axis: string;
  rows: readonly IntervalRow[];
}

export interface IntervalPanelsOptions {
  title: string;
  /** Title of the axis of the groups. */
  groups: string;
  alt: string;
}

/** Distance between neighbouring groups, and the part of it that the series of one group take, in the axis's unit 1. */
const spread = 0.5;
const gapBetweenPanels = 0.05;

/**
 * Means as dots with their intervals as bars, in percent: a group in each row, the first at the top, the series of a group
 * one below the other in the colours that they have in every figure (`seriesStyle`), and a panel for each measure.
 * @throws UserError without panels, and as `checkIntervals`.
 */
export function intervalPanels(
  panels: readonly IntervalPanel[],
  { title, groups, alt }: IntervalPanelsOptions,
): Figure {
  if (panels.length === 0) throw new UserError(`The figure "${title}" has no panels to draw.`);
  for (const { axis, rows } of panels) checkIntervals(rows, `The panel "${axis}" of the figure "${title}"`);
  const all = panels.flatMap(({ rows }) => rows);
  const names = [...new Set(all.map(({ group }) => group))];
  const series = [...new Set(all.map((row) => row.series))];
  const styles = seriesStyles(series);
  const data = panels.flatMap(({ rows }, panel) =>
    series.map((name, index): Partial<Data> => {
      const own = rows.filter((row) => row.series === name);
      const offset = series.length > 1 ? spread * (index / (series.length - 1) - 0.5) : 0;
      return {
        ...intervalMarkers(own, { ...styles.get(name)!, dot: 8, cap: 3 }),
        name,
        y: own.map(({ group }) => names.indexOf(group) + offset),
        xaxis: panel === 0 ? "x" : (`x${panel + 1}` as "x2"),
        yaxis: "y",
        legendgroup: name,
        showlegend: panel === 0,
      };
    }),
  );
  const width = (1 - gapBetweenPanels * (panels.length - 1)) / panels.length;
  const axes = panels.map(({ axis }, panel) => {
    const start = panel * (width + gapBetweenPanels);
    const key = panel === 0 ? "xaxis" : `xaxis${panel + 1}`;
    return [key, { title: { text: axis }, domain: [start, start + width], rangemode: "tozero" }];
  });
  return {
    data,
    layout: {
      title: { text: title },
      width: 960,
      height: 180 + names.length * (12 + 12 * series.length),
      ...(Object.fromEntries(axes) as Partial<Layout>),
      yaxis: {
        title: { text: groups },
        tickvals: names.map((_, index) => index),
        ticktext: names,
        range: [names.length - 0.5, -0.5],
        automargin: true,
      },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
    },
    alt,
  };
}

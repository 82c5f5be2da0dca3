import type { Data } from "plotly.js-dist";
import type { Figure } from "./figure";
import { palette } from "./house-template";
import { checkIntervals, type IntervalRow, intervalMarkers, percentOf } from "./interval-markers";

/** What stands on a figure of means and intervals. */
export interface IntervalFigureOptions {
  /** Above the figure. */
  title: string;
  /** Title of the axis of the means, with its unit. */
  axis: string;
  /** The share, 0 … 1, that guessing reaches, drawn as a line. */
  chance: number;
  /** Says what the figure shows, with its most important numbers, to whoever can't see it. */
  alt: string;
}

const rowHeight = 30;

/**
 * Means as dots with their intervals as bars, in percent, one line each, first row at the top.
 * @throws UserError without rows, and for a row whose numbers are not finite or whose interval is upside down.
 */
export function intervalFigure(
  rows: readonly IntervalRow[],
  { title, axis, chance, alt }: IntervalFigureOptions,
): Figure {
  checkIntervals(rows, `The figure "${title}"`);
  const label = ({ group, series }: IntervalRow) => `${group} · ${series}`;
  const linesOf = (name: string) => rows.filter((row) => row.series === name);
  // The series with most lines get the first colours, so that the floor does not shift those of the others.
  const series = [...new Set(rows.map((row) => row.series))].sort(
    (a, b) => linesOf(b).length - linesOf(a).length,
  );
  const data = series.map((name, index): Partial<Data> => {
    const own = linesOf(name);
    const colour = palette[index % palette.length]!;
    return {
      ...intervalMarkers(own, { colour, dot: 10, cap: 5 }),
      name,
      y: own.map(label),
      showlegend: false,
    };
  });
  return {
    data,
    layout: {
      title: { text: title },
      height: 150 + rowHeight * rows.length,
      xaxis: { title: { text: axis }, rangemode: "tozero" },
      yaxis: {
        title: { text: "features · pooling" },
        type: "category",
        categoryorder: "array",
        categoryarray: rows.map(label).reverse(),
        automargin: true,
      },
      shapes: [
        {
          type: "line",
          x0: percentOf(chance),
          x1: percentOf(chance),
          yref: "paper",
          y0: 0,
          y1: 1,
          line: { color: "#888888", dash: "dot", width: 1.5 },
        },
      ],
      annotations: [
        {
          x: percentOf(chance),
          y: 1,
          yref: "paper",
          yanchor: "bottom",
          showarrow: false,
          text: "guessing",
          font: { color: "#555555" },
        },
      ],
    },
    alt,
  };
}

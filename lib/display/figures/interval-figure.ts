import type { Data } from "plotly.js-dist";
import type { Figure } from "./figure";
import { checkIntervals, type IntervalRow, intervalMarkers, percentOf } from "./interval-markers";
import { seriesStyles } from "./series-styles";

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

const rowHeight = 26;
/** Lines of a group stand together below its name; this much of a row's height lies above that. */
const aboveGroup = 0.3;

interface Line {
  /** On the axis, downwards. */
  y: number;
  label: string;
  row?: IntervalRow;
}

/** The lines from the top: a group's name and its series below it, or a group of one row in one line. */
function linesOf(rows: readonly IntervalRow[]): Line[] {
  const lines: Line[] = [];
  let y = 0;
  for (const group of new Set(rows.map((row) => row.group))) {
    const own = rows.filter((row) => row.group === group);
    if (lines.length > 0) y += aboveGroup;
    if (own.length === 1) {
      const [row] = own;
      lines.push({ y: y++, label: `${group} · ${row!.series}`, row: row! });
      continue;
    }
    lines.push({ y: y++, label: `<b>${group}</b>` });
    for (const row of own) lines.push({ y: y++, label: row.series, row });
  }
  return lines;
}

/**
 * Means as dots with their intervals as bars, in percent, one line each, first row at the top; the rows of a group stand
 * together below its name. A series has the colour and the mark that it has in every figure (`seriesStyle`).
 * @throws UserError without rows, and for a row whose numbers are not finite or whose interval is upside down.
 */
export function intervalFigure(
  rows: readonly IntervalRow[],
  { title, axis, chance, alt }: IntervalFigureOptions,
): Figure {
  checkIntervals(rows, `The figure "${title}"`);
  const lines = linesOf(rows);
  const styles = seriesStyles([...new Set(rows.map(({ series }) => series))]);
  const data = [...styles].map(([name, { colour, symbol }]): Partial<Data> => {
    const own = lines.filter(({ row }) => row?.series === name);
    return {
      ...intervalMarkers(
        own.map(({ row }) => row!),
        { colour, symbol, dot: 10, cap: 5 },
      ),
      name,
      y: own.map(({ y }) => y),
      showlegend: false,
    };
  });
  const last = lines.at(-1)!.y;
  return {
    data,
    layout: {
      title: { text: title },
      height: 150 + rowHeight * (last + 1),
      xaxis: { title: { text: axis }, rangemode: "tozero" },
      yaxis: {
        title: { text: "features · pooling" },
        tickvals: lines.map(({ y }) => y),
        ticktext: lines.map(({ label }) => label),
        range: [last + 0.7, -0.7],
        ticks: "",
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

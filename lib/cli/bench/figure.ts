import type { Data } from "plotly.js-dist";
import type { Figure } from "../../display/figures/figure";
import { palette } from "../../display/figures/house-template";
import type { Row } from "../../experiments/experiment";
import { CASES } from "./cases";

const rowHeight = 30;

/** The ratios of all cases as dots on a logarithmic axis, one line a case, with a line where both are as fast. */
export function ratioFigure(rows: readonly Row[]): Figure {
  const titles = new Map(CASES.map(({ name, title }) => [name, title]));
  const title = (row: Row) => titles.get(String(row.case)) ?? String(row.case);
  const peers = [...new Set(rows.map(({ peer }) => String(peer)))];
  const data = peers.map((peer, i): Partial<Data> => {
    const own = rows.filter((row) => row.peer === peer);
    return {
      type: "scatter",
      mode: "markers",
      name: peer,
      x: own.map(({ ratio }) => Number(ratio)),
      y: own.map(title),
      marker: { size: 11, color: palette[i % palette.length]! },
    };
  });
  const lines = [...new Set(rows.map(title))];
  const said = rows.map((row) => `${title(row)}, ${row.peer}: ${Number(row.ratio).toFixed(2)}`);
  return {
    data,
    layout: {
      title: { text: "Time of PyTorch and onnxruntime over the time of this library" },
      height: 190 + rowHeight * lines.length,
      xaxis: {
        type: "log",
        title: { text: "peer's time ÷ ours (right of 1: faster than the peer)" },
        tickvals: [0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20],
      },
      yaxis: {
        title: { text: "case" },
        type: "category",
        categoryorder: "array",
        categoryarray: lines.reverse(),
        automargin: true,
      },
      legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
      shapes: [
        {
          type: "line",
          x0: 1,
          x1: 1,
          yref: "paper",
          y0: 0,
          y1: 1,
          line: { color: "#888888", dash: "dot", width: 1.5 },
        },
      ],
    },
    alt: `The time of PyTorch and onnxruntime over the time of this library; above 1 this library is faster. ${said.join("; ")}.`,
  };
}

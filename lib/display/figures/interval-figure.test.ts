import assert from "node:assert/strict";
import { test } from "node:test";
import { figureJson } from "./figure-json";
import { intervalFigure } from "./interval-figure";
import type { IntervalRow } from "./interval-markers";
import { seriesStyle } from "./series-styles";
import { figureToSvg } from "./static-figure";

const rows: IntervalRow[] = [
  { group: "floor", series: "none", mean: 0.3, lower: 0.25, upper: 0.4 },
  { group: "probe", series: "mean", mean: 0.7, lower: 0.68, upper: 0.72 },
  { group: "probe", series: "attention", mean: 0.8, lower: 0.755, upper: 0.825 },
  { group: "fine-tuned", series: "mean", mean: 0.9, lower: 0.88, upper: 0.92 },
];
const options = { title: "Means", axis: "accuracy, %", chance: 0.125, alt: "Four means." };

interface Trace {
  name: string;
  x: number[];
  y: number[];
  error_x: { array: number[]; arrayminus: number[]; color: string };
  marker: { color: string; symbol: string };
}

test("every row is a dot in percent with its own interval, its series' colour and mark, the first at the top", () => {
  const { data, layout } = intervalFigure(rows, options);
  const traces = data as unknown as Trace[];
  assert.deepEqual(
    traces.map(({ name, x }) => ({ name, x })),
    [
      { name: "none", x: [30] },
      { name: "mean", x: [70, 90] },
      { name: "attention", x: [80] },
    ],
  );
  const attention = traces[2]!.error_x;
  assert.deepEqual([attention.arrayminus, attention.array], [[4.5], [2.5]]);
  for (const { name, marker, error_x } of traces) {
    const { colour, symbol } = seriesStyle(name);
    assert.deepEqual([marker.color, marker.symbol, error_x.color], [colour, symbol, colour]);
  }
  const { tickvals, ticktext, range } = layout.yaxis as {
    tickvals: number[];
    ticktext: string[];
    range: number[];
  };
  assert.deepEqual(ticktext, ["floor · none", "<b>probe</b>", "mean", "attention", "fine-tuned · mean"]);
  assert.deepEqual(
    [...tickvals].sort((a, b) => a - b),
    tickvals,
  );
  assert.ok(range[0]! > range[1]!);
  assert.deepEqual([traces[0]!.y, traces[1]!.y], [[tickvals[0]], [tickvals[2], tickvals[4]]]);
  assert.deepEqual(traces[2]!.y, [tickvals[3]]);
  const [line] = layout.shapes as { x0: number; x1: number }[];
  assert.deepEqual([line!.x0, line!.x1], [12.5, 12.5]);
});

test("it is drawn with all its labels and the line of guessing, and every row makes it taller", async () => {
  const figure = intervalFigure(rows, options);
  JSON.parse(await figureJson(figure));
  const svg = await figureToSvg(figure);
  for (const label of ["Means", "accuracy, %", "guessing", "floor · none", "fine-tuned · mean"]) {
    assert.ok(svg.includes(`aria-label="${label}"`), label);
  }
  assert.ok(Number(intervalFigure(rows.slice(1), options).layout.height) < Number(figure.layout.height));
});

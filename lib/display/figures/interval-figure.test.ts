import assert from "node:assert/strict";
import { test } from "node:test";
import { figureJson } from "./figure-json";
import { palette } from "./house-template";
import { intervalFigure } from "./interval-figure";
import type { IntervalRow } from "./interval-markers";
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
  y: string[];
  error_x: { array: number[]; arrayminus: number[]; color: string };
  marker: { color: string };
}

test("every row is a dot in percent with its own interval, coloured by series, the first at the top, and the series with most rows first in the palette", () => {
  const { data, layout } = intervalFigure(rows, options);
  const traces = data as unknown as Trace[];
  assert.deepEqual(
    traces.map(({ name, x, y }) => ({ name, x, y })),
    [
      { name: "mean", x: [70, 90], y: ["probe · mean", "fine-tuned · mean"] },
      { name: "none", x: [30], y: ["floor · none"] },
      { name: "attention", x: [80], y: ["probe · attention"] },
    ],
  );
  assert.equal(traces[0]!.marker.color, palette[0]);
  const attention = traces[2]!.error_x;
  assert.deepEqual([attention.arrayminus, attention.array], [[4.5], [2.5]]);
  assert.equal(new Set(traces.map(({ marker }) => marker.color)).size, 3);
  assert.ok(traces.every(({ marker, error_x }) => marker.color === error_x.color));
  // A category axis grows upwards.
  const { categoryarray } = layout.yaxis as { categoryarray: string[] };
  assert.equal(categoryarray.at(-1), "floor · none");
  assert.equal(categoryarray[0], "fine-tuned · mean");
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

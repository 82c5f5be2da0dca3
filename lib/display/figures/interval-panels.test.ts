import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { figureJson } from "./figure-json";
import { type IntervalPanel, intervalPanels } from "./interval-panels";
import { seriesStyle } from "./series-styles";
import { figureToSvg } from "./static-figure";

const panels: IntervalPanel[] = [
  {
    axis: "mass inside, %",
    rows: [
      { group: "attention", series: "probe", mean: 0.3, lower: 0.25, upper: 0.4 },
      { group: "attention", series: "last stage", mean: 0.4, lower: 0.35, upper: 0.5 },
      { group: "uniform", series: "probe", mean: 0.1, lower: 0.1, upper: 0.1 },
    ],
  },
  { axis: "deletion, %", rows: [{ group: "attention", series: "probe", mean: -0.2, lower: -0.3, upper: 0 }] },
];
const options = { title: "Where methods look", groups: "method", alt: "Three means and one." };

interface Trace {
  name: string;
  x: number[];
  y: number[];
  xaxis: string;
  error_x: { array: number[]; arrayminus: number[] };
  marker: { color: string };
  showlegend: boolean;
}

test("a panel has its own axis, a series its own colour everywhere, and the first group stands at the top", () => {
  const { data, layout } = intervalPanels(panels, options);
  const traces = data as unknown as Trace[];
  assert.deepEqual(
    traces.map(({ name, x, y, xaxis }) => ({ name, x, y, xaxis })),
    [
      { name: "probe", x: [30, 10], y: [-0.25, 0.75], xaxis: "x" },
      { name: "last stage", x: [40], y: [0.25], xaxis: "x" },
      { name: "probe", x: [-20], y: [-0.25], xaxis: "x2" },
      { name: "last stage", x: [], y: [], xaxis: "x2" },
    ],
  );
  assert.deepEqual([traces[0]!.error_x.arrayminus[0], traces[0]!.error_x.array[0]], [5, 10]);
  assert.deepEqual(
    traces.map(({ marker }) => marker.color),
    ["probe", "last stage", "probe", "last stage"].map((name) => seriesStyle(name).colour),
  );
  assert.deepEqual(
    traces.map(({ showlegend }) => showlegend),
    [true, true, false, false],
  );
  const { range, ticktext } = layout.yaxis as { range: number[]; ticktext: string[] };
  assert.deepEqual(ticktext, ["attention", "uniform"]);
  assert.ok(range[0]! > range[1]!);
  const [first, second] = ["xaxis", "xaxis2"].map(
    (key) => (layout as unknown as Record<string, { domain: number[] }>)[key]!.domain,
  );
  assert.ok(first![1]! < second![0]!);
});

test("it is drawn with the titles of all panels and the names of all groups and series", async () => {
  const figure = intervalPanels(panels, options);
  JSON.parse(await figureJson(figure));
  const svg = await figureToSvg(figure);
  const labels = [
    "Where methods look",
    "mass inside, %",
    "deletion, %",
    "attention",
    "uniform",
    "probe",
    "last stage",
  ];
  for (const label of labels) assert.ok(svg.includes(`aria-label="${label}"`), label);
});

test("rows that can't be drawn are refused", () => {
  const wrongs: [typeof panels, RegExp][] = [
    [[], /"Where methods look" has no panels/],
    [[{ axis: "mass, %", rows: [] }], /"mass, %".* no rows/],
    [
      [{ axis: "mass, %", rows: [{ group: "a", series: "b", mean: Number.NaN, lower: 0, upper: 1 }] }],
      /row "a", "b" has the mean NaN/,
    ],
    [
      [{ axis: "mass, %", rows: [{ group: "a", series: "b", mean: 0.5, lower: 1, upper: 0 }] }],
      /interval from 1 to 0/,
    ],
  ];
  for (const [given, message] of wrongs) {
    assert.throws(
      () => intervalPanels(given, options),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

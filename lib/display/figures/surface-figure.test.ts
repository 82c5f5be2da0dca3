import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { divergingColour } from "./diverging-scale";
import { figureToSvg } from "./static-figure";
import { surfaceFigure } from "./surface-figure";
import type { SurfacePanel } from "./surface-panel";

const panel: SurfacePanel = {
  title: "probe",
  rows: ["32", "64"],
  columns: ["0", "6"],
  values: [
    [0.02, 0.09],
    [-0.12, 0.06],
  ],
  lower: [
    [-0.01, 0.05],
    [-0.15, 0.02],
  ],
  upper: [
    [0.05, 0.13],
    [-0.08, 0.1],
  ],
};
const options = {
  title: "When attention helps",
  rowAxis: "target size (px)",
  columnAxis: "distractors",
  quantity: "attention − mean (percentage points)",
  alt: "Two rows, two columns.",
};

test("each cell carries its difference and its interval, and the labels of its row and column stand beside it", async () => {
  const svg = await figureToSvg(await surfaceFigure({ ...options, panels: [panel] }));
  for (const label of ["+9.05.0 to 13.0", "−12.0−15.0 to −8.0", "+2.0−1.0 to 5.0", "32", "6", "probe"]) {
    assert.ok(svg.includes(`aria-label="${label}"`), label);
  }
});

test("the scale is centred on zero and shared by the panels; small differences do not fill it", async () => {
  const halved = {
    ...panel,
    title: "half",
    values: panel.values.map((row) => row.map((value) => value / 2)),
    lower: panel.lower.map((row) => row.map((value) => value - 0.1)),
  };
  const scales = async (panels: SurfacePanel[]) =>
    ((await surfaceFigure({ ...options, panels })).data as { zmin: number; zmax: number }[]).map(
      ({ zmin, zmax }) => [zmin, zmax],
    );
  assert.deepEqual(await scales([panel, halved]), [
    [-12, 12],
    [-12, 12],
  ]);
  const tiny = {
    ...panel,
    values: [
      [0.001, 0.002],
      [0, 0.001],
    ],
    lower: [
      [0, 0],
      [-1, 0],
    ],
    upper: panel.lower.map(() => [1, 1]),
  };
  assert.deepEqual(await scales([tiny]), [[-5, 5]]);
});

test("a cell whose interval holds zero, and only such a one, is hatched and has no bold digits", async () => {
  const { layout } = await surfaceFigure({ ...options, panels: [panel] });
  const { shapes, annotations } = layout as unknown as {
    shapes: { path: string }[];
    annotations: { x: number; y: number; text: string }[];
  };
  assert.equal(shapes.length, 1);
  const places = [...shapes[0]!.path.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [+x!, +y!]);
  assert.ok(places.every(([x, y]) => x! >= -0.5 && x! <= 0.5 && y! >= -0.5 && y! <= 0.5));
  const bold = annotations.slice(0, 4).map(({ text }) => text.startsWith("<b>"));
  assert.deepEqual(bold, [false, true, true, true]);
});

test("colours grow darker from the middle to either end", () => {
  const lightness = (value: number) => {
    const [red, green, blue] = divergingColour(value);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  };
  for (let step = 0; step < 10; step++) {
    for (const sign of [-1, 1]) {
      assert.ok(lightness((sign * (step + 1)) / 10) < lightness((sign * step) / 10), `${sign * step}`);
    }
  }
  const [red, , blue] = divergingColour(-1);
  assert.ok(red > blue + 80);
  assert.deepEqual(divergingColour(3), divergingColour(1));
});

test("panels that can't be drawn are refused with their place", async () => {
  const refused: [SurfacePanel[], RegExp][] = [
    [[], /0 panels/],
    [[panel, { ...panel, title: "other", columns: ["0", "3"] }], /panel "other" has other rows or columns/],
    [[{ ...panel, lower: [[0, 0]] }], /lower needs 2 rows of 2/],
    [[{ ...panel, values: [[0.02, Number.NaN], panel.values[1]!] }], /32 × 6: the value is NaN/],
    [[{ ...panel, upper: [[-0.5, 0.13], panel.upper[1]!] }], /32 × 0.*from -0.01 to -0.5/],
  ];
  for (const [panels, message] of refused) {
    await assert.rejects(
      surfaceFigure({ ...options, panels }),
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});

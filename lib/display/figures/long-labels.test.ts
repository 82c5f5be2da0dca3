import assert from "node:assert/strict";
import { test } from "node:test";
import type { Data } from "plotly.js-dist";
import sharp from "sharp";
import { deletionFigure } from "./deletion-figure";
import { epochsFigure } from "./epochs-figure";
import { explorerFigure } from "./explorer-figure";
import type { Figure } from "./figure";
import { figureJson } from "./figure-json";
import { figureToPng } from "./static-figure";

const sentence =
  "a quantity whose name goes on and on until it no longer fits beside the plot, with its unit (%)";
const names = [
  "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
  "กำลังเรียนรู้แบบถ่ายโอนที่ยาวมากและไม่มีช่องว่างเลยสักนิดเดียวจนกว่าจะจบประโยค",
  "迁移学习中的注意力机制：一只考拉在桉树上睡觉，直到太阳从山后升起来，然后继续睡觉",
];
const axes = { xaxis: { title: { text: sentence } }, yaxis: { title: { text: sentence } } };
const alt = "What it shows.";
const figure = (data: Partial<Data>[]): Figure => ({
  data,
  layout: { title: { text: `${sentence}. ${sentence}` }, ...axes },
  alt,
});

const image = { width: 60, height: 40, channels: 3 as const, data: new Uint8Array(7200).fill(150) };
const map = { map: [0, 1, 2, 3], rows: 2, columns: 2 };
const curve = { shares: [0, 0.5, 1], probabilities: [1, 0.5, 0.1], imageAt: () => image };
const watched = names.map((caption) => ({ image, caption, maps: [map, map], scores: [1, 2] }));

const figures: Record<string, () => Figure | Promise<Figure>> = {
  "level bars": () => figure([{ type: "bar", orientation: "h", x: [1, 2, 3], y: names }]),
  "upright bars with a legend": () =>
    figure(
      [1, 2].map(
        (value) => ({ type: "bar", x: names, y: [1, value, 3], name: names[value] }) as Partial<Data>,
      ),
    ),
  epochs: () =>
    epochsFigure(watched, { title: "T", epochs: [1, 2], quantity: sentence, scoreAxis: sentence }),
  "epochs of one image": () =>
    epochsFigure(watched.slice(0, 1), {
      title: "T",
      epochs: [1, 2],
      quantity: sentence,
      scoreAxis: sentence,
    }),
  explorer: () =>
    explorerFigure(
      [{ image, caption: names.slice(0, 2).join(" "), maps: { [sentence]: { ...map, note: sentence } } }],
      {
        title: "T",
        quantity: sentence,
      },
    ),
  deletion: () =>
    deletionFigure(curve, {
      title: "T",
      name: sentence,
      kind: "deletion",
      probabilityAxis: sentence,
      compare: { [names[2]!]: curve },
    }),
};

for (const [kind, make] of Object.entries(figures)) {
  test(`${kind}: long labels in any script stay inside the figure`, async () => {
    const made = await make();
    const png = await figureToPng(made, 1);
    const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const blank = (x: number, y: number) => data[(y * info.width + x) * 3]! > 200;
    for (let x = 0; x < info.width; x++) assert.ok(blank(x, 1) && blank(x, info.height - 2), `column ${x}`);
    for (let y = 0; y < info.height; y++) assert.ok(blank(1, y) && blank(info.width - 2, y), `row ${y}`);
  });
}

test("short labels stay as they are, and so do numbers, dates and mark-up", async () => {
  const given: Partial<Data>[] = [
    { type: "bar", x: ["probe", "2020-01-01"], y: [1, 2], name: `<b>${sentence}</b>` },
  ];
  const short = {
    data: given,
    layout: { title: { text: "T" }, xaxis: { title: { text: "x" } }, yaxis: { title: { text: "y" } } },
    alt,
  };
  const { data, layout } = JSON.parse(await figureJson(short)) as Figure;
  assert.deepEqual(data, given);
  assert.deepEqual(layout.xaxis, { title: { text: "x" } });
});

test("a name is broken alike wherever it stands", async () => {
  const [long] = names;
  const both: Partial<Data>[] = [
    { type: "bar", orientation: "h", x: [1, 2], y: [long!, "b"] },
    { type: "scatter", x: [3], y: [long!] },
  ];
  const given = figure(both);
  given.layout.yaxis = { ...given.layout.yaxis, categoryorder: "array", categoryarray: ["b", long!] };
  const { data, layout } = JSON.parse(await figureJson(given)) as {
    data: { y: string[] }[];
    layout: Figure["layout"];
  };
  assert.match(data[0]!.y[0]!, /<br>/);
  assert.equal(data[1]!.y[0], data[0]!.y[0]);
  assert.deepEqual((layout.yaxis as { categoryarray: string[] }).categoryarray, ["b", data[0]!.y[0]]);
});

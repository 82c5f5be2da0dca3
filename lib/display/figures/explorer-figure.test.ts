import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import type { PixelImage } from "../../images/pixel-image";
import { readImage } from "../../node/decode-image";
import { dataFolder } from "../../node/files";
import { resizeImage } from "../../node/resize-image";
import { UserError } from "../../runtime/user-error";
import { weightColour } from "../pictures/colour-map";
import { overlayWeights } from "../pictures/overlay";
import { type ExploredImage, explorerFigure } from "./explorer-figure";
import { figureJson } from "./figure-json";
import { gridMaximum, mapColourScale } from "./map-trace";
import { figureToPng } from "./static-figure";

const options = { title: "Two maps", quantity: "relevance" };

function plain(size: number, grey: number): PixelImage {
  return { width: size, height: size, channels: 3, data: new Uint8Array(size * size * 3).fill(grey) };
}

const images: ExploredImage[] = [0, 1, 2].map((index) => ({
  image: plain(32, 60 + 40 * index),
  caption: `grey ${index}`,
  maps: {
    tokens: { map: [0, 0.25 + index, 0.5 + index, 1 + index], rows: 2, columns: 2, note: `${index} inside` },
    pixels: { map: new Float32Array(64 * 64).map((_, at) => (at + index) / 7), rows: 64, columns: 64 },
  },
}));

/** A figure as the page gets it. */
interface Json {
  data: { z: number[][]; x0: number; dx: number; visible: boolean; zmax: number }[];
  layout: {
    images: { source: string; sizex: number }[];
    annotations: { text: string }[];
    updatemenus: { buttons: { label: string; args: [{ visible: boolean[] }] }[] }[];
    sliders: { steps: { args: [Record<string, unknown[]>, Record<string, string>, number[]] }[] }[];
  };
}

test("buttons show one trace each, and the slider changes picture and numbers of every trace", async () => {
  const figure = await explorerFigure(images, options);
  const { data, layout } = JSON.parse(await figureJson(figure)) as Json;
  assert.deepEqual(
    data.map(({ visible }) => visible),
    [true, false],
  );
  const [menu] = layout.updatemenus;
  assert.deepEqual(
    menu!.buttons.map(({ label, args }) => [label, args[0].visible]),
    [
      ["tokens", [true, false]],
      ["pixels", [false, true]],
    ],
  );
  const { steps } = layout.sliders[0]!;
  assert.equal(steps.length, 3);
  steps.forEach(({ args: [restyle, relayout, traces] }, image) => {
    assert.deepEqual(traces, [0, 1]);
    for (const values of Object.values(restyle)) assert.equal(values.length, traces.length);
    const z = restyle.z as number[][][];
    z.forEach((rows, trace) => {
      assert.equal(rows.length, data[trace]!.z.length);
      for (const row of rows) assert.equal(row.length, data[trace]!.z[0]!.length);
      assert.equal(gridMaximum(rows), (restyle.zmax as number[])[trace]);
    });
    assert.deepEqual(z[0], [
      [0, 0.25 + image],
      [0.5 + image, 1 + image],
    ]);
    assert.deepEqual(Object.keys(relayout), ["images[0].source", "images[1].source", "annotations[0].text"]);
    assert.match(relayout["annotations[0].text"]!, new RegExp(`${image + 1} of 3.*grey ${image}`));
    assert.match((restyle["colorbar.title.text"] as string[])[0]!, new RegExp(`relevance · ${image} inside`));
  });
  assert.deepEqual(
    steps[0]!.args[0].z,
    data.map(({ z }) => z),
  );
  // The relief over the map, and the photograph beside it.
  for (const [place, { source }] of layout.images.entries()) {
    assert.equal(steps[0]!.args[1][`images[${place}].source`], source);
  }
  assert.equal(new Set(steps.map(({ args }) => args[1]["images[1].source"])).size, 3);
  assert.match(figure.alt, /3 photographs.*tokens, pixels.*largest relevance 1 in row 2, column 2 of 2 × 2/);
});

test("cells cover the picture exactly; a fine map becomes means of areas that keep its mean, and says so", async () => {
  const { data, layout } = JSON.parse(await figureJson(await explorerFigure(images, options))) as Json;
  for (const { z, x0, dx } of data) {
    assert.ok(Math.abs(x0 - dx / 2) < 1e-12 && Math.abs(dx * z[0]!.length - layout.images[0]!.sizex) < 1e-9);
  }
  const fine = data[1]!.z.flat();
  assert.equal(fine.length, 28 * 28);
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value) / values.length;
  assert.ok(Math.abs(mean(fine) / mean(images[0]!.maps.pixels!.map) - 1) < 0.01);
  const titles = layout.sliders[0]!.steps[0]!.args[0]["colorbar.title.text"] as string[];
  assert.match(titles[1]!, /means of areas/);
  assert.doesNotMatch(titles[0]!, /means/);
});

test("the still picture has the photograph under the colours of overlayWeights", async () => {
  assert.equal(mapColourScale[16]![1], `rgb(${weightColour(1).map(Math.round).join(",")})`);
  const png = await figureToPng(await explorerFigure(images, options), 1);
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const overlaid = await overlayWeights(images[0]!.image, images[0]!.maps.tokens!.map, 2, 2);
  // The middles of the four cells: the picture is 440 wide, from (16, 58).
  for (const [row, column] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ] as const) {
    const drawn = ((58 + 110 + 220 * row) * info.width + 16 + 110 + 220 * column) * 3;
    const expected = ((8 + 16 * row) * 32 + 8 + 16 * column) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const difference = Math.abs(data[drawn + channel]! - overlaid.data[expected + channel]!);
      assert.ok(difference <= 6, `cell ${row}, ${column}, channel ${channel}: ${difference}`);
    }
  }
});

test("twelve photographs under six fine maps stay within the size, and more than fits is refused", async () => {
  const folder = path.join(dataFolder(), "photographs");
  const files = readdirSync(folder).filter((file) => file.endsWith(".jpg"));
  const photographs = await Promise.all(
    files.map(async (file) => resizeImage(await readImage(path.join(folder, file), 3), 224, 224)),
  );
  assert.equal(photographs.length, 12);
  const names = ["a", "b", "c", "d", "e", "f"];
  const many = photographs.map((image, index): ExploredImage => {
    const map = Float32Array.from({ length: 28 * 28 }, (_, at) => Math.sqrt(at + index) / 1e3);
    const maps = Object.fromEntries(names.map((name) => [name, { map, rows: 28, columns: 28 }]));
    return { image, caption: files[index]!, maps };
  });
  const bytes = Buffer.byteLength(await figureJson(await explorerFigure(many, options)));
  assert.ok(bytes > 300_000 && bytes < 1_200_000, String(bytes));
  await assert.rejects(
    explorerFigure([...many, ...many, ...many], options),
    (error) => error instanceof UserError && /MB.*fewer images/.test(error.message),
  );
});

test("images that do not fit together are refused", async () => {
  const [first] = images;
  const wrongs: [ExploredImage[], RegExp][] = [
    [[], /at least one/],
    [[{ ...first!, maps: {} }], /Image 1 has no maps/],
    [[first!, { ...first!, image: plain(16, 0) }], /Image 2 has 16 × 16.*32 × 32/],
    [[first!, { ...first!, maps: { tokens: first!.maps.tokens! } }], /Image 2 has the maps tokens, image 1/],
    [
      [
        {
          ...first!,
          maps: Object.fromEntries([..."abcdefghijk"].map((name) => [name, first!.maps.tokens!])),
        },
      ],
      /11 buttons need \d+: take fewer maps/,
    ],
    [
      [first!, { ...first!, maps: { ...first!.maps, tokens: { map: [1], rows: 1, columns: 1 } } }],
      /"tokens" of image 2 is 1 × 1/,
    ],
  ];
  for (const [given, message] of wrongs) {
    await assert.rejects(
      explorerFigure(given, options),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

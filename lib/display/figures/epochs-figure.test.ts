import assert from "node:assert/strict";
import { test } from "node:test";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { threeDigits } from "../pictures/image-map";
import { epochsFigure } from "./epochs-figure";
import { figureJson } from "./figure-json";
import { figureToPng } from "./static-figure";
import type { WatchedImage } from "./watched-image";

const image: PixelImage = { width: 8, height: 8, channels: 3, data: new Uint8Array(192).fill(99) };
const options = {
  title: "Over the epochs",
  epochs: [1, 2, 5],
  quantity: "weight",
  scoreAxis: "mass inside (%)",
};
const watched = (index: number): WatchedImage => ({
  image,
  caption: `picture ${index}`,
  maps: options.epochs.map((epoch) => ({
    map: [epoch / 10, index / 10, 0.1234567, 0],
    rows: 2,
    columns: 2,
  })),
  scores: options.epochs.map((epoch) => 10 * epoch + index),
});

interface Json {
  data: { type: string; z?: number[][]; zmax?: number; x?: number[]; y?: number[] }[];
  frames: { name: string; traces: number[]; data: { z?: number[][]; x?: number[]; y?: number[] }[] }[];
  layout: {
    images: unknown[];
    sliders: { active: number; steps: { label: string; method: string; args: [string[], object] }[] }[];
  };
}
const read = async (images: WatchedImage[]) =>
  JSON.parse(await figureJson(await epochsFigure(images, options))) as Json;

for (const count of [1, 2, 4]) {
  test(`${count} side by side: every step names a frame, and every frame the traces that are there`, async () => {
    const images = Array.from({ length: count }, (_, index) => watched(index));
    const { data, frames, layout } = await read(images);
    assert.equal(data.length, 2 * count + 1);
    // A relief over each map, and the photograph itself.
    assert.equal(layout.images.length, 2 * count);
    assert.deepEqual(
      layout.sliders[0]!.steps.map(({ args }) => args[0][0]),
      frames.map(({ name }) => name),
    );
    frames.forEach(({ traces, data: changed }, epoch) => {
      assert.equal(changed.length, traces.length);
      changed.forEach((change, place) => {
        const trace = data[traces[place]!]!;
        if (trace.type !== "heatmap") {
          assert.deepEqual(
            change,
            {
              x: images.map(() => options.epochs[epoch]),
              y: images.map(({ scores }) => scores[epoch]),
            },
            "the mark lies on the curves",
          );
          return;
        }
        assert.deepEqual(change.z, [
          [options.epochs[epoch]! / 10, place / 10],
          [0.123, 0],
        ]);
      });
    });
    // What is shown first is the last frame; one scale for all.
    assert.equal(layout.sliders[0]!.active, 2);
    const top = threeDigits(0.5 + (count - 1) / 10 + 0.123);
    frames[2]!.data.slice(0, count).forEach(({ z }, index) => {
      assert.deepEqual(data[index]!.z, z);
      assert.equal(data[index]!.zmax, top);
    });
    assert.deepEqual(data[count]!.y, [10, 20, 50]);
    assert.ok((await figureToPng(await epochsFigure(images, options), 1)).length > 5000);
  });
}

test("the alt text tells the first and the last score", async () => {
  const { alt } = await epochsFigure([watched(0), watched(3)], options);
  assert.match(
    alt,
    /epoch 1 to 5 \(shown\).*mass inside \(%\), picture 0: from 10 to 50; picture 3: from 13 to 53/,
  );
});

test("what can't be watched is refused", async () => {
  const wrongs: [WatchedImage[], object, RegExp][] = [
    [[], {}, /1 to 4 images.*not 0/],
    [[{ ...watched(0), scores: [1] }], {}, /3 maps and 1 scores for 3 epochs/],
    [[watched(0)], { epochs: [1] }, /two epochs/],
    [[{ ...watched(0), scores: [1, Number.NaN, 3] }], {}, /Image 1 has the score NaN after epoch/],
    [
      [{ ...watched(0), maps: [...watched(0).maps.slice(0, 2), { map: [1], rows: 1, columns: 1 }] }],
      {},
      /not all of one grid/,
    ],
  ];
  for (const [images, changed, message] of wrongs) {
    await assert.rejects(
      epochsFigure(images, { ...options, ...changed }),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

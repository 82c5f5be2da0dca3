import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";
import { type DeletionStep, deletionFigure } from "./deletion-figure";
import { figureJson } from "./figure";

const picture = (grey: number, size = 16): PixelImage => ({
  width: size,
  height: size,
  channels: 3,
  data: new Uint8Array(size * size * 3).fill(grey),
});
const steps: DeletionStep[] = [0, 1, 2, 3].map((step) => ({
  share: step / 3,
  score: 0.9 - 0.2 * step,
  picture: picture(200 - 50 * step),
}));
const options = {
  title: "Deletion",
  name: "attention first",
  scoreAxis: "probability of hen",
  compare: [{ name: "random order", shares: [0, 1], scores: [0.9, 0.3] }],
};

interface Json {
  data: { name?: string; x: number[]; y: number[] }[];
  layout: {
    images: { source: string }[];
    sliders: { steps: { args: [{ x: number[][]; y: number[][] }, Record<string, string>, number[]] }[] }[];
  };
}

test("each step puts the mark on its point of the curve and shows its own picture", async () => {
  const figure = await deletionFigure(steps, options);
  const { data, layout } = JSON.parse(figureJson(figure)) as Json;
  assert.deepEqual(
    data.map(({ name }) => name),
    ["attention first", "random order", undefined],
  );
  assert.deepEqual(data[0]!.x, [0, 33.3, 66.7, 100]);
  assert.deepEqual(data[1]!.y, [0.9, 0.3]);
  for (const [index, { args }] of layout.sliders[0]!.steps.entries()) {
    const [restyle, relayout, traces] = args;
    assert.deepEqual(traces, [2]);
    assert.deepEqual(restyle, { x: [[data[0]!.x[index]]], y: [[data[0]!.y[index]]] });
    const jpeg = Buffer.from(relayout["images[0].source"]!.split(",")[1]!, "base64");
    const { data: pixels, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    assert.equal(info.width, 16);
    assert.ok(Math.abs(pixels[0]! - (200 - 50 * index)) <= 3, `${pixels[0]}`);
  }
  assert.equal(layout.sliders[0]!.steps[0]!.args[1]["images[0].source"], layout.images[0]!.source);
  assert.match(
    figure.alt,
    /deleted in 4 steps.*probability of hen.*attention first from 0\.9 to 0\.3; random order from 0\.9 to 0\.3/,
  );
});

test("what can't be linked is refused", async () => {
  const wrongs: [DeletionStep[], object, RegExp][] = [
    [steps.slice(0, 1), {}, /at least two/],
    [[steps[0]!, { ...steps[1]!, picture: picture(1, 8) }], {}, /one size/],
    [steps, { compare: [{ name: "x", shares: [0], scores: [] }] }, /"x" has 1 shares and 0 scores/],
  ];
  for (const [given, changed, message] of wrongs) {
    await assert.rejects(
      deletionFigure(given, { ...options, ...changed }),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

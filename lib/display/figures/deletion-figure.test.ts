import assert from "node:assert/strict";
import { test } from "node:test";
import sharp from "sharp";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { deletionFigure, type PicturedCurve } from "./deletion-figure";
import { figureJson } from "./figure-json";

const picture = (grey: number, size = 16): PixelImage => ({
  width: size,
  height: size,
  channels: 3,
  data: new Uint8Array(size * size * 3).fill(grey),
});
const curve: PicturedCurve = {
  shares: [0, 1 / 3, 2 / 3, 1],
  probabilities: [0.9, 0.7, 0.5, 0.3],
  imageAt: (step) => picture(200 - 50 * step),
};
const options = {
  title: "Deletion",
  name: "attention first",
  kind: "deletion" as const,
  probabilityAxis: "probability of hen",
  compare: { "random order": { shares: [0, 1], probabilities: [0.9, 0.2] } },
};

interface Json {
  data: { name?: string; x: number[]; y: number[] }[];
  layout: {
    images: { source: string }[];
    sliders: {
      active: number;
      steps: { args: [{ x: number[][]; y: number[][] }, Record<string, string>, number[]] }[];
    }[];
  };
}

test("each step puts the mark on its point of the curve and shows its own picture", async () => {
  const figure = await deletionFigure(curve, options);
  const { data, layout } = JSON.parse(await figureJson(figure)) as Json;
  assert.deepEqual(
    data.map(({ name }) => name),
    ["attention first", "random order", undefined],
  );
  assert.deepEqual(data[0]!.x, [0, 33.3, 66.7, 100]);
  assert.deepEqual(data[1]!.y, [0.9, 0.2]);
  for (const [index, { args }] of layout.sliders[0]!.steps.entries()) {
    const [restyle, relayout, traces] = args;
    assert.deepEqual(traces, [2]);
    assert.deepEqual(restyle, { x: [[data[0]!.x[index]]], y: [[data[0]!.y[index]]] });
    const jpeg = Buffer.from(relayout["images[0].source"]!.split(",")[1]!, "base64");
    const { data: pixels, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
    assert.equal(info.width, 16);
    assert.ok(Math.abs(pixels[0]! - (200 - 50 * index)) <= 3, `${pixels[0]}`);
  }
  // It opens where the probability has fallen half way, with the mark and the picture of that step.
  const { active, steps } = layout.sliders[0]!;
  assert.equal(active, 2);
  assert.equal(steps[active]!.args[1]["images[0].source"], layout.images[0]!.source);
  assert.deepEqual([data[2]!.x, data[2]!.y], [[66.7], [0.5]]);
  assert.match(
    figure.alt,
    /more is deleted \(shown: 66.7 %\).*probability of hen.*attention first from 0\.9 to 0\.3; random order from 0\.9 to 0\.2/,
  );
});

test("of a long curve every point is drawn, and 21 evenly spread ones have their picture", async () => {
  const shares = Array.from({ length: 51 }, (_, step) => step / 50);
  const asked: number[] = [];
  const long = {
    shares,
    probabilities: shares,
    imageAt(step: number) {
      asked.push(step);
      return picture(step);
    },
  };
  const figure = await deletionFigure(long, { ...options, kind: "insertion" });
  const { data, layout } = JSON.parse(await figureJson(figure)) as Json;
  assert.equal(data[0]!.x.length, 51);
  const marks = layout.sliders[0]!.steps.map(({ args }) => args[0].x[0]![0]!);
  assert.equal(marks.length, 21);
  assert.deepEqual(
    marks,
    asked.map((step) => 2 * step),
  );
  assert.deepEqual([marks[0], marks[10], marks[20]], [0, 50, 100]);
  assert.match(figure.alt, /more is inserted/);
});

test("what can't be linked is refused", async () => {
  const wrongs: [PicturedCurve, object, RegExp][] = [
    [{ ...curve, shares: [0], probabilities: [1] }, {}, /"attention first" has 1 shares/],
    [{ ...curve, imageAt: (step) => picture(1, 8 + step) }, {}, /one size/],
    [curve, { compare: { x: { shares: [0, 1], probabilities: [1] } } }, /"x" has 2 shares and 1 prob/],
    [
      { ...curve, probabilities: [0.9, Number.NaN, 0.5, 0.3] },
      {},
      /"attention first" .*probability NaN at step 1/,
    ],
  ];
  for (const [given, changed, message] of wrongs) {
    await assert.rejects(
      deletionFigure(given, { ...options, ...changed }),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { confusionFigure } from "./confusion-figure";
import { figureToSvg } from "./static-figure";

const options = { title: "What is taken for what", alt: "Nine cats of ten are right." };

test("a row's colours are shares of its class, its digits photographs; nothing stands where nothing was counted", async () => {
  const figure = await confusionFigure({
    ...options,
    classes: ["cat", "dog"],
    counts: [
      [9, 1],
      [0, 3],
    ],
  });
  const [trace] = figure.data as unknown as { z: number[][] }[];
  assert.deepEqual(trace!.z, [
    [0.9, 0.1],
    [0, 1],
  ]);
  const annotations = figure.layout.annotations as { text: string; x: number; y: number }[];
  assert.deepEqual(
    annotations.map(({ text, x, y }) => [text, x, y]),
    [
      ["9", 0, 0],
      ["1", 1, 0],
      ["3", 1, 1],
    ],
  );
  assert.match(await figureToSvg(figure), /<svg/);
});

test("two hundred classes still make a figure, and a table with a row too few is refused", async () => {
  const classes = Array.from({ length: 200 }, (_, i) => `class ${i}`);
  const counts = classes.map((_, row) => classes.map((__, column) => Number(row === column)));
  const { layout } = await confusionFigure({ ...options, classes, counts });
  assert.ok(layout.width! < 3000 && (layout.annotations as unknown[]).length === 0);
  await assert.rejects(
    confusionFigure({ ...options, classes: ["cat", "dog"], counts: [[1, 0]] }),
    (error) => error instanceof UserError && /a count for each pair/.test(error.message),
  );
});

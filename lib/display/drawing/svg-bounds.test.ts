import assert from "node:assert/strict";
import { test } from "node:test";
import { typesetterFor } from "../lettering/typesetter";
import { ownBounds, pageBounds } from "./svg-bounds";
import type { SvgElement } from "./svg-text";

const { JSDOM } = require("jsdom") as {
  JSDOM: new (html: string) => { window: { document: { querySelector(name: string): SvgElement } } };
};

const find = (content: string, name: string) =>
  new JSDOM(`<svg>${content}</svg>`).window.document.querySelector(name);

function near(actual: object, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    const given = (actual as Record<string, number>)[name]!;
    assert.ok(Math.abs(given - value) < 1e-6, `${name}: ${given}, not ${value}`);
  }
}

test("transforms are applied from the innermost outwards", async () => {
  const typesetter = await typesetterFor();
  const turned = find('<g transform="translate(10,5)rotate(90)"><rect width="2" height="0"/></g>', "rect");
  near(pageBounds(turned, typesetter), { left: 10, right: 10, top: 5, bottom: 7 });
  const aroundCentre = find('<rect x="4" y="3" width="0" height="0" transform="rotate(-90, 3, 3)"/>', "rect");
  near(pageBounds(aroundCentre, typesetter), { x: 3, y: 2 });
  const matrix = find(
    '<g transform="matrix(0 1 -1 0 5 6)"><rect x="1" y="2" width="0" height="0"/></g>',
    "rect",
  );
  near(pageBounds(matrix, typesetter), { x: 3, y: 7 });
});

test("a group is as large as what it holds, in its own coordinates", async () => {
  const typesetter = await typesetterFor();
  const group = find(
    '<g transform="scale(9)"><rect width="3" height="2"/><rect transform="translate(4 1)" width="1" height="1"/></g>',
    "g",
  );
  near(ownBounds(group, typesetter), { left: 0, top: 0, width: 5, height: 2 });
});

test("a text's box is as wide as its letters and as high as its lines", async () => {
  const typesetter = await typesetterFor();
  const text = find(
    '<text x="100" y="50" text-anchor="end" style="font-size: 20px"><tspan>one</tspan><tspan x="100" dy="1.3em">three</tspan></text>',
    "text",
  );
  const { left, right, top, bottom } = ownBounds(text, typesetter);
  near({ right, left }, { right: 100, left: 100 - typesetter.width("three", { size: 20 }) });
  near({ top, bottom }, { top: 50 - 0.905 * 20, bottom: 50 + 26 + 0.212 * 20 });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { placeText } from "./text-picture";
import { typesetterFor } from "./typesetter";

const style = { size: 20 };
const box = { left: 10, top: 5, width: 100, align: "start" as const };

test("lines of Latin text are 1.3 sizes apart, and the text is as high as its lines", async () => {
  const typesetter = await typesetterFor();
  const { lines, height } = placeText(typesetter, "one\ntwo", box, style);
  assert.ok(Math.abs(lines[0]!.y - (5 + 0.905 * 20)) < 1e-9);
  assert.ok(Math.abs(lines[1]!.y - lines[0]!.y - 26) < 1e-9);
  assert.ok(Math.abs(height - 52) < 1e-9);
});

test("lines whose marks reach high and low are further apart, so that they do not touch", async () => {
  const line = "กี่ญู";
  const typesetter = await typesetterFor(line);
  const { lines, height } = placeText(typesetter, `${line}\n${line}`, box, style);
  const { above, below } = typesetter.reach(line, style);
  assert.ok(lines[1]!.y - above > lines[0]!.y + below);
  assert.ok(lines[1]!.y - lines[0]!.y > 26);
  assert.ok(lines[0]!.y - above >= 5 - 1e-9 && lines[1]!.y + below <= 5 + height);
});

test("a line is centred, begins at the left, or at the right where it runs from right to left", async () => {
  const typesetter = await typesetterFor("שלום");
  const x = (text: string, align: "start" | "centre") =>
    placeText(typesetter, text, { ...box, align }, style).lines[0]!.x;
  assert.equal(x("one", "start"), 10);
  assert.ok(Math.abs(x("one", "centre") - (10 + (100 - typesetter.width("one", style)) / 2)) < 1e-9);
  assert.ok(Math.abs(x("שלום", "start") - (110 - typesetter.width("שלום", style))) < 1e-9);
});

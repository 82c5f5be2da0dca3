import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { before, test } from "node:test";
import { projectFolder } from "../node/files";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { attentionFamily } from "./family";
import { countTrainedParameters } from "./family/member";

before(() => startTensorFlow());

const folder = path.join(projectFolder(), "lib", "attention");
const members = attentionFamily.flatMap((group) => group.members);
const sizes = {
  channels: 112,
  positions: 196,
  classes: 8,
  units: 128,
  heads: 4,
  queries: 16,
  controlUnits: 263,
};

test("every member is where the family says, under the name that it says", () => {
  for (const { code, file, name } of members) {
    const text = fs.readFileSync(path.join(folder, file), "utf8");
    assert.match(text, new RegExp(`export (abstract )?(class|function) ${code}\\b`), name);
    const exported = fs.readFileSync(path.join(folder, "index.ts"), "utf8");
    assert.match(exported, new RegExp(`\\b${code}\\b`), `${code} is not exported from the library`);
  }
  assert.equal(new Set(members.map(({ code }) => code)).size, members.length);
});

test("every pooling layer of the library is in the family", () => {
  const files = fs
    .readdirSync(path.join(folder, "pooling"))
    .filter((file) => !/\.(test|fixture)\.ts$/.test(file));
  const layers = files.filter((file) =>
    /^export class \w+.* extends (PoolingLayer|LearnedPooling|AttentionPooling)\b/m.test(
      fs.readFileSync(path.join(folder, "pooling", file), "utf8"),
    ),
  );
  const listed = members.map(({ file }) => file);
  assert.ok(layers.length >= 18);
  // Put together from the scores and the normalisers, which are listed.
  listed.push("pooling/attention-pooling.ts");
  for (const layer of layers) assert.ok(listed.includes(`pooling/${layer}`), `${layer} is missing`);
});

test("every score, normaliser and layer inside features is in the family", () => {
  const listed = new Set(members.map(({ code }) => code));
  const exportsOf = (place: string, kind: RegExp) =>
    fs
      .readdirSync(path.join(folder, place))
      .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
      .flatMap((file) => [...fs.readFileSync(path.join(folder, place, file), "utf8").matchAll(kind)])
      .map(([, name]) => name!);
  const found = [
    ...exportsOf("scores", /^export function (\w+Scores)\b/gm),
    // Proportional weights are made of given amounts, and threshold weights are what sparsemax and entmax share.
    ...exportsOf("normalisers", /^export function (?!proportional|threshold)(\w+Weights)\b/gm),
    ...exportsOf("features", /^export class (\w+)/gm),
  ];
  assert.ok(found.length >= 16, `${found.length} found`);
  for (const name of found) assert.ok(listed.has(name), `${name} is missing`);
});

test("formulas survive Markdown: no bar, no star, and no underscore that could begin an emphasis", () => {
  for (const { formula, name } of members) {
    assert.doesNotMatch(formula, /[|*\n]|[^A-Za-z0-9]_/, name);
    assert.doesNotMatch(formula, /\\[^A-Za-z]/, `${name}: Markdown takes the backslash before punctuation`);
  }
});

test("texts hold no control character, which a lost backslash would leave", () => {
  const texts = [...attentionFamily.map(({ about }) => about), ...members.map(({ formula }) => formula)];
  for (const text of texts) assert.doesNotMatch(text, /\p{Cc}/u);
});

test("sources are links of a year that can be", () => {
  for (const { source } of members) {
    if (!source) continue;
    assert.match(source.url, /^https:\/\//);
    assert.ok(source.year >= 1950 && source.year <= 2030 && source.authors.length > 2);
  }
});

test("parameters are counted on real layers, and nothing is left of them", async () => {
  const count = (code: string) =>
    countTrainedParameters(members.find((member) => member.code === code)!, sizes);
  await assertNoTensorLeak(() => {
    assert.equal(count("MeanPooling"), 0);
    assert.equal(count("EfficientProbing"), 16 * 112 + 112 ** 2);
    assert.equal(count("HiddenThenMeanPooling"), 113 * 263);
    assert.equal(count("ProjectionThenMeanPooling"), 112 * 263);
    assert.equal(count("FrozenScoreAttention"), 30_976 - 128);
    assert.equal(count("GatedAttention"), 2 * 112 * 128 + 128);
    assert.equal(count("MultiHeadPooling"), 4 * 112 * 112 + 112);
    assert.equal(count("ClassAttention"), 8 * 112);
    // The table frozen-versus-fine-tuned has the same, with 904 of the classifier.
    assert.equal(count("AdditiveAttention"), 31_880 - 904);
  });
});

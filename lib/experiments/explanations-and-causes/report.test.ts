import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import type { Row } from "../experiment";
import type { PanelsFigure } from "../summary-figure";
import { reportMarkdown } from "../table-files";
import { COMPARED_MODEL, COMPARISONS, RANKED, TRUTHS } from "./grid";
import { FACTS, MEASURES } from "./measures";
import { MODELS, methodsOf, modelName, SCENES } from "./plan";
import { reportOf } from "./report";
import { COLUMNS } from "./rows";

/** A number below 1 that differs by method and thing: hundredths of the method's place, thousandths of the thing's. */
const madeUp = (method: number, thing: number) => 0.3 + method / 100 + (thing % 5) / 1000;

/** Every scene of one seed of some models; things are shown twice each. */
function madeUpRows(models = 1, seeds = [0]): Row[] {
  return MODELS.slice(0, models).flatMap((line) =>
    seeds.flatMap((seed) =>
      Array.from({ length: SCENES }, (_, scene) =>
        methodsOf(line).map(({ name }, m): Row => {
          const thing = scene % (SCENES / 2);
          return {
            run: `run ${seed} ${scene}`,
            model: modelName(line),
            seed,
            scene,
            thing: `bird/${String(thing).padStart(2, "0")}`,
            method: name,
            ...Object.fromEntries(FACTS.map((fact) => [fact, m === 0 ? "0.5" : ""])),
            ...Object.fromEntries(
              MEASURES.map(({ column }) => [column, column === "gap" ? "" : madeUp(m, thing).toFixed(4)]),
            ),
          };
        }),
      ).flat(),
    ),
  );
}

const report = reportOf(madeUpRows());
const markdown = reportMarkdown(report);

const near = (actual: unknown, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(Number(actual) - expected) <= tolerance, `${actual} is not ${expected}`);

test("means and intervals are over things, and agree with a calculation by hand", () => {
  const rows = madeUpRows();
  assert.deepEqual(Object.keys(rows[0]!), [...COLUMNS]);
  const { summary } = report;
  const gradCam = summary.find(({ method, measure }) => method === "Grad-CAM" && measure === "selectivity")!;
  assert.deepEqual([gradCam.scenes, gradCam.things], [SCENES, SCENES / 2]);
  near(gradCam.mean, 0.31 + 0.002);
  // Twenty things, each of 0 … 4 thousandths four times: variance 20 · 2 / 19 millionths; t of 0.975 for 19 degrees is 2.093024.
  const deviation = Math.sqrt(40 / 19) / 1000;
  near(gradCam.standard_deviation, deviation);
  near(gradCam.upper, Number(gradCam.mean) + (2.093024 * deviation) / Math.sqrt(20));
  assert.ok(!summary.some(({ measure }) => measure === "gap"));
});

test("six comparisons of the model with attention, and a ranking for each score and truth", () => {
  assert.equal(COMPARISONS.length, 6);
  const { comparisons, summary } = report;
  assert.equal(comparisons.length, 6);
  near(comparisons[0]!.mean, -0.03);
  assert.equal(comparisons[0]!.verdict, "worse");
  const ranked = summary.filter(({ method }) => String(method).startsWith("ranked by"));
  assert.equal(ranked.length, RANKED.length * TRUTHS.length);
  // All measures rise with the method here, so that where less is better the ranking is turned round.
  near(ranked.find(({ method }) => method === "ranked by insertion")!.mean, 1);
  near(ranked.find(({ method }) => method === "ranked by deletion")!.mean, -1);
});

test("a second model and further scenes join as they are whole; what is there in part is left out", () => {
  assert.equal(reportMarkdown(reportOf([...madeUpRows(), ...madeUpRows(2, [3]).slice(-7)])), markdown);
  const both = reportMarkdown(reportOf(madeUpRows(2, [0, 1])));
  assert.ok(both.includes(`80 of 200 scenes of "${modelName(MODELS[1])}"`));
  assert.ok(
    markdown.includes(`40 of 200 scenes of "${COMPARED_MODEL}"`) && !markdown.includes(modelName(MODELS[1])),
  );
  assert.match(markdown, /\| random order \| control \|/);
});

test("rows as texts give the same report as numbers, and the figure names all methods", () => {
  const texts = madeUpRows().map((row) => ({ ...row, seed: String(row.seed), scene: String(row.scene) }));
  assert.equal(reportMarkdown(reportOf(texts)), markdown);
  const { panels, alt } = report.figure as PanelsFigure;
  assert.deepEqual(
    panels.map(({ rows }) => rows.length),
    [13, 13, 13],
  );
  assert.match(alt, /Selectivity in percent: attention, last stage, attention 30\.2;/);
});

test("rows that are doubled, of no line, unreadable, or too few are refused with the line and the remedy", () => {
  const rows = madeUpRows();
  const withRow = (index: number, fields: Row) =>
    rows.map((row, i) => (i === index ? { ...row, ...fields } : row));
  const refused: [Row[], RegExp][] = [
    [
      rows.slice(0, 7 * 13),
      /Of "last stage, attention" fewer than 8 things were explained.*npm run reproduce/,
    ],
    [[], /fewer than 8 things/],
    [[...rows, rows[5]!], /there twice/],
    [withRow(3, { method: "guessing" }), /of no line of the table/],
    [
      withRow(4, { selectivity: "1.2" }),
      /A field selectivity of "last stage, attention, LayerCAM", seed 0, scene 0/,
    ],
    [withRow(4, { causal_rank: "0.5x" }), /A field causal_rank/],
    [withRow(0, { right: "" }), /A field right/],
  ];
  for (const [wrong, message] of refused) {
    assert.throws(
      () => reportOf(wrong),
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});

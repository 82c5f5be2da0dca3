import assert from "node:assert/strict";
import { test } from "node:test";
import { groupCount } from "../../datasets/scenes/layout";
import { UserError } from "../../runtime/user-error";
import type { Row } from "../experiment";
import { asDigits } from "./answer-rows";
import { judgeTable, surfaceOf } from "./judge-table";
import type { SceneLine } from "./line";
import { CELLS, SILHOUETTES } from "./repeat-plan";
import type { TestedThing } from "./tested-things";

const line = (pooling: string): SceneLine => ({
  regime: "probe",
  pooling,
  role: "measured",
  typicalSeconds: 1,
});
const [attention, mean] = [line("attention"), line("mean")];
const lines = [attention, mean];
const families = [
  { title: "Does it help?", comparisons: [{ question: "attention?", first: attention, second: mean }] },
];
const thingsOfFold = 4;

/** Twenty things of two classes, dealt alike in every repeat. */
const tested = (repeats: number): TestedThing[] =>
  Array.from({ length: repeats * groupCount * thingsOfFold }, (_, i) => {
    const thing = i % (groupCount * thingsOfFold);
    return {
      repeat: Math.floor(i / (groupCount * thingsOfFold)),
      fold: Math.floor(thing / thingsOfFold),
      thing: `thing ${thing}`,
      className: thing % 2 ? "bird" : "tool",
      group: `${thing}`,
      background: `background ${i % 7}`,
      distractors: Array.from({ length: 6 }, (_, d) => `distractor ${(i + d) % 11}`),
    };
  });

/** The mean is right in the first eight cells of every thing; attention is right there and where `helps` says so. */
function rowsOf(repeats: number, helps: (cell: number, thing: number) => boolean): Row[] {
  const runs = Array.from(
    { length: repeats * groupCount },
    (_, i) => [Math.floor(i / groupCount), i % groupCount] as const,
  );
  return runs.flatMap(([repeat, fold]) =>
    lines.map(({ regime, pooling }) => {
      const cells = Array.from({ length: thingsOfFold * CELLS.length }, (_, i) => {
        const [thing, cell] = [Math.floor(i / CELLS.length), i % CELLS.length];
        return Number(cell < 8 || (pooling === "attention" && helps(cell, thing)));
      });
      return {
        run: `${pooling} ${repeat} ${fold}`,
        regime,
        pooling,
        repeat: String(repeat),
        fold: String(fold),
        best_epoch: pooling === "mean" && fold > 0 ? "10" : "3",
        trained_parameters: "7",
        seconds: "1.5",
        target_density: pooling === "mean" ? "" : "3",
        distractor_density: pooling === "mean" ? "" : "1.5",
        pointing: pooling === "mean" ? "" : "0.5",
        effective_positions: "0.25",
        cells: asDigits(cells, CELLS.length),
        silhouettes: asDigits(new Array(thingsOfFold * SILHOUETTES).fill(0), SILHOUETTES),
      };
    }),
  );
}

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test("accuracies, differences and the surface agree with a calculation by hand", () => {
  const rows = rowsOf(3, (cell, thing) => cell >= 12 || (cell === 8 && thing === 0));
  const judged = judgeTable(rows, tested(3), lines, families);
  assert.deepEqual([judged.repeats, judged.things], [3, 20]);
  const [ofAttention, ofMean] = judged.lines;
  near(ofMean!.accuracy.accuracy, 0.5);
  near(ofAttention!.accuracy.accuracy, (12 + 1 / 4) / 16);
  assert.deepEqual([ofAttention!.bestWasLast, ofMean!.bestWasLast], [0, 0.8]);
  assert.equal(ofAttention!.silhouettes.accuracy, 0);
  assert.deepEqual([ofAttention!.targetDensity, ofMean!.targetDensity], [3, undefined]);
  const [comparison] = judged.comparisons;
  near(comparison!.result.difference, 4.25 / 16);
  assert.equal(comparison!.result.verdict, "first");
  const surface = surfaceOf(judged.runs, tested(3), families[0]!.comparisons);
  assert.equal(surface.length, CELLS.length);
  for (const [cell, difference] of [
    [0, 0],
    [15, 1],
    [8, 0.25],
    [9, 0],
  ] as const)
    near(surface[cell]!.result.difference, difference);
  assert.deepEqual([surface[8]!.size, surface[8]!.distractors], [64, 0]);
});

test("a repeat that is not whole is left out; fewer than two can't be judged", () => {
  const rows = rowsOf(3, () => true);
  assert.equal(judgeTable(rows.slice(0, -1), tested(3), lines, families).repeats, 2);
  assert.throws(
    () => judgeTable(rows.slice(0, 19), tested(3), lines, families),
    (error) => error instanceof UserError && /Rows of 1 whole repeats/.test(error.message),
  );
});

test("rows of no line, doubled rows and answers of other things are refused", () => {
  const rows = rowsOf(2, () => true);
  const refused: [Row[], RegExp][] = [
    [[...rows, { ...rows[0]!, pooling: "max" }], /of no line of the table/],
    [[...rows, rows[0]!], /there twice/],
    [[{ ...rows[0]!, cells: "ff" }, ...rows.slice(1)], /does not hold the answers for 4 things/],
  ];
  for (const [wrong, message] of refused) {
    assert.throws(
      () => judgeTable(wrong, tested(2), lines, families),
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Answer, answerTable, type Thing } from "./answer-table";

const things: Thing[] = [
  { name: "hen", group: "hen", className: "bird" },
  { name: "hen again", group: "hen", className: "bird" },
  { name: "gnu", group: "gnu", className: "hoofed" },
];

const answers = (line = "mean"): Answer[] =>
  things.flatMap(({ name, group }) =>
    [0, 1].flatMap((repeat) =>
      [0, 1].map((scene) => ({
        line,
        thing: name,
        repeat,
        scene,
        fold: group === "hen" ? repeat : 1 - repeat,
        correct: 1,
        drawn: { background: ["rock"], distractor: ["harp", `coin ${scene}`] },
      })),
    ),
  );

test("answers come into order whatever order they are given in", () => {
  const given = [...answers(), ...answers("attention").map((answer, i) => ({ ...answer, correct: i / 20 }))];
  fc.assert(
    fc.property(fc.shuffledSubarray(given, { minLength: given.length }), (shuffled) => {
      const table = answerTable(things, shuffled);
      assert.equal(table.repeats, 2);
      assert.deepEqual([...table.folds], [0, 1, 0, 1, 1, 0]);
      const byCell = new Float64Array(6);
      for (const [scene, cell] of table.cells.entries())
        byCell[cell]! += table.lines.get("attention")![scene]!;
      for (let cell = 0; cell < 6; cell++) assert.ok(Math.abs(byCell[cell]! - (4 * cell + 1) / 20) < 1e-12);
      assert.equal(new Set(table.drawn.get("background")!.numbers).size, 1);
      assert.equal(new Set(table.drawn.get("distractor")!.numbers).size, 3);
      assert.equal(table.drawn.get("distractor")!.scenes.length, 24);
    }),
  );
});

const changed = (place: number, change: Partial<Answer>): Answer[] => [
  ...answers(),
  ...answers("attention").map((answer, i) => (i === place ? { ...answer, ...change } : answer)),
];

test("answers that are no cross-validation of these things are refused, by the first one that is wrong", () => {
  const refused: [Answer[], RegExp][] = [
    [[], /no answers/],
    [changed(1, { thing: "emu" }), /answer for "emu"/],
    [
      changed(1, { correct: 1.2 }),
      /answer of "attention" for "hen" in repeat 0, scene 1, must lie in 0 … 1, not 1.2/,
    ],
    [changed(1, { correct: Number.NaN }), /not NaN/],
    [changed(1, { fold: 1 }), /from fold 1, another from fold 0/],
    [changed(1, { scene: 0 }), /is given twice/],
    [changed(1, { repeat: -1 }), /number of a repeat/],
    [changed(1, { scene: 7 }), /scene 7, is missing, which "attention" has/],
    [changed(1, { drawn: { background: ["sea"] } }), /names other things drawn/],
    [
      answers().filter(({ thing, repeat }) => thing !== "gnu" || repeat !== 1),
      /no answer for "gnu" in repeat 1/,
    ],
    [
      answers().map((answer) => (answer.thing === "hen again" ? { ...answer, fold: 1 } : answer)),
      /"hen again" and "hen" are near-duplicates/,
    ],
  ];
  for (const [given, message] of refused) {
    assert.throws(
      () => answerTable(things, given),
      (error: Error) => error.name === "UserError" && message.test(error.message),
      `${message}`,
    );
  }
  assert.throws(
    () => answerTable([...things, things[0]!], answers()),
    /UserError: Two things are named "hen"/,
  );
});

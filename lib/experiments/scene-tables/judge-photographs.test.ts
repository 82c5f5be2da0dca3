import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { test } from "node:test";
import { parseCsv } from "../../datasets/csv";
import { photographColumns } from "../../datasets/photographs-in-context";
import { dataFolder } from "../../node/files";
import type { Row } from "../experiment";
import { judgePhotographs } from "./judge-photographs";

const table = path.join(dataFolder(), "photographs-in-context", "photographs.csv");
const photographs = parseCsv(fs.readFileSync(table, "utf8"), table, photographColumns);
const classes = [...new Set(photographs.map((row) => row.class))];

/** Two repeats of two folds in which a line is right where it says so. */
const rowsOf = (pooling: string, isRight: (className: string, fold: number) => boolean): Row[] =>
  [0, 1].flatMap((repeat) =>
    [0, 1].map((fold) => ({
      run: `${pooling} ${repeat} ${fold}`,
      regime: "probe",
      pooling,
      repeat: String(repeat),
      fold: String(fold),
      right: photographs.map((row) => Number(isRight(row.class ?? "", fold))).join(""),
      pointed: photographs.map((_, i) => (i === 0 ? "1" : i === 1 ? "0" : "-")).join(""),
    })),
  );

test("classes count alike in a line's accuracy, photographs in a difference, and folds are averaged", () => {
  const rows = [
    ...rowsOf("attention", (className) => className === classes[0]),
    ...rowsOf("mean", (className, fold) => className === classes[0] && fold === 0),
  ];
  const judged = judgePhotographs(rows)!;
  assert.equal(judged.photographs, photographs.length);
  assert.deepEqual(judged.lineOf("probe, attention"), { accuracy: 1 / classes.length, pointing: 0.5 });
  assert.equal(judged.lineOf("probe, max"), undefined);
  const [known, unknown] = judged.compare([
    ["probe, attention", "probe, mean"],
    ["probe, attention", "probe, max"],
  ]);
  const ofFirst = photographs.filter((row) => row.class === classes[0]).length;
  assert.ok(Math.abs(known!.difference - ofFirst / photographs.length / 2) < 1e-12);
  assert.equal(unknown, undefined);
});

test("without answers nothing is judged", () => {
  assert.equal(judgePhotographs([]), undefined);
});

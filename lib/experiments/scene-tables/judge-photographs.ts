import * as fs from "node:fs";
import * as path from "node:path";
import { parseCsv } from "../../datasets/csv";
import { photographColumns } from "../../datasets/photographs-in-context";
import { dataFolder } from "../../node/files";
import { type Answer, answerTable, type Thing } from "../../statistics/answer-table";
import { judgeLines, type LineComparison } from "../../statistics/judge-lines";
import type { Row } from "../experiment";
import { PHOTOGRAPH_COLUMNS } from "./photograph-answers";

/** Accuracy on photographs, and where attention pointed. */
export interface PhotographLine {
  /** The mean of the classes' accuracies, and guessing among eight classes gives 0.125. */
  accuracy: number;
  /** Share of the photographs of one thing in its surroundings in whose box the heaviest position lies. */
  pointing?: number;
}

/** What photographs say of a table: by line, and of pairs of lines. */
export interface JudgedPhotographs {
  photographs: number;
  classes: number;
  lineOf(line: string): PhotographLine | undefined;
  /**
   * Differences of pairs, one after the other, with intervals that hold together; each photograph counts alike. Undefined where
   * a line has no answers.
   */
  compare(pairs: readonly (readonly [string, string])[]): (LineComparison | undefined)[];
}

/** The committed answers for photographs of a table. */
export function photographRowsFile(table: string): string {
  return path.join(dataFolder(), "reference", "answers", `${table}-photographs.csv`);
}

/** None where there is no file. */
export function readPhotographRows(table: string): Row[] {
  const file = photographRowsFile(table);
  return fs.existsSync(file) ? parseCsv(fs.readFileSync(file, "utf8"), file, PHOTOGRAPH_COLUMNS) : [];
}

/** The photographs in the order in which answers stand. */
function listed(): Thing[] {
  const file = path.join(dataFolder(), "photographs-in-context", "photographs.csv");
  return parseCsv(fs.readFileSync(file, "utf8"), file, photographColumns).map(
    ({ file: name, class: className, group }) => ({ name, className, group }),
  );
}

/**
 * Judges the answers of the runs of whole repeats; undefined where there are none. A photograph is no part of any training, so every model answers for it: its answer in
 * a repeat is the share of the five models that were right.
 */
export function judgePhotographs(rows: readonly Row[]): JudgedPhotographs | undefined {
  if (rows.length === 0) return undefined;
  const repeats = 1 + Math.max(...rows.map(({ repeat }) => Number(repeat)));
  const things = listed();
  const byLine = new Map<string, Row[]>();
  for (const row of rows) {
    const line = `${row.regime}, ${row.pooling}`;
    byLine.set(line, [...(byLine.get(line) ?? []), row]);
  }
  const shareOf = (own: readonly Row[], place: number) =>
    own.reduce((sum, { right }) => sum + Number(String(right)[place]), 0) / own.length;
  const answers = [...byLine].flatMap(([line, own]) =>
    Array.from({ length: repeats }, (_, repeat) =>
      own.filter((row) => Number(row.repeat) === repeat),
    ).flatMap((ofRepeat, repeat) =>
      things.map(
        ({ name }, place): Answer => ({
          line,
          thing: name,
          repeat,
          fold: 0,
          correct: shareOf(ofRepeat, place),
        }),
      ),
    ),
  );
  const table = answerTable(things, answers);
  const classes = [...new Set(things.map(({ className }) => className))];
  return {
    photographs: things.length,
    classes: classes.length,
    lineOf(line) {
      const own = byLine.get(line);
      if (!own) return undefined;
      const shares = things.map((_, place) => shareOf(own, place));
      const accuracies = classes.map((name) =>
        meanOf(shares.filter((_, i) => things[i]!.className === name)),
      );
      const pointed = own.flatMap((row) =>
        [...String(row.pointed)].filter((mark) => mark !== "-").map(Number),
      );
      return { accuracy: meanOf(accuracies), ...(pointed.length > 0 && { pointing: meanOf(pointed) }) };
    },
    compare(pairs) {
      const known = pairs.filter((pair) => pair.every((line) => byLine.has(line)));
      const judged = judgeLines(table, known).comparisons;
      return pairs.map((pair) => judged[known.indexOf(pair)]);
    },
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

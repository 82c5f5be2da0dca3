import { UserError } from "../../runtime/user-error";
import { type Answer, type AnswerTable, answerTable, type Thing } from "../../statistics/answer-table";
import type { Row } from "../experiment";
import { answersIn } from "./answer-rows";
import type { LineName } from "./line";
import { CELLS, SILHOUETTES } from "./repeat-plan";
import type { TestedThing } from "./tested-things";

/** How a table calls a line. */
export const lineName = ({ regime, pooling }: LineName) => `${regime}, ${pooling}`;

/** The rows of a table that can be judged: those of the repeats that are there as a whole. */
export interface WholeRepeats {
  /** How many: 0 … that − 1. */
  repeats: number;
  rows: readonly Row[];
}

/**
 * Takes the rows of the first repeats of which every line has every fold; what was computed of a further one is left out.
 * @throws UserError for a row of no line, one that is there twice, and fewer than two whole repeats
 */
export function wholeRepeats(rows: readonly Row[], lines: readonly LineName[], folds: number): WholeRepeats {
  const key = (line: LineName, repeat: number, fold: number) => `${lineName(line)} ${repeat} ${fold}`;
  const keyOf = (row: Row) =>
    key({ regime: String(row.regime), pooling: String(row.pooling) }, Number(row.repeat), Number(row.fold));
  const known = new Set(lines.map(lineName));
  const found = new Map<string, Row>();
  for (const row of rows) {
    const name = `${row.regime}, ${row.pooling}`;
    const again = found.has(keyOf(row));
    if (!known.has(name) || again) {
      throw new UserError(
        `The row of "${name}", repeat ${row.repeat}, fold ${row.fold}, is ${again ? "there twice" : "of no line of the table"}. Bring the original file back.`,
      );
    }
    found.set(keyOf(row), row);
  }
  const ofRepeat = (repeat: number) =>
    lines.flatMap((line) => Array.from({ length: folds }, (_, fold) => found.get(key(line, repeat, fold))));
  const whole: Row[] = [];
  let repeats = 0;
  for (let own = ofRepeat(0); own.every((row) => row !== undefined); own = ofRepeat(++repeats))
    whole.push(...own);
  if (repeats >= 2) return { repeats, rows: whole };
  throw new UserError(
    `Rows of ${repeats} whole repeats are there, and intervals need two. Run \`npm run reproduce\` to compute the others.`,
  );
}

/** Which scenes are judged: those of all cells, of one cell by its number, or the silhouettes. */
export type Judged = "cells" | "silhouettes" | number;

/**
 * The answers of the rows, thing by thing.
 * @throws UserError where answers are unreadable or at odds with the things
 */
export function answersOf(
  { repeats, rows }: WholeRepeats,
  tested: readonly TestedThing[],
  judged: Judged,
): AnswerTable {
  const things = tested
    .filter(({ repeat }) => repeat === 0)
    .map(({ thing, className, group }): Thing => ({ name: thing, className, group }));
  const inFold = (repeat: number, fold: number) =>
    tested.filter((other) => other.repeat === repeat && other.fold === fold);
  const folds = new Map<string, TestedThing[]>();
  const drawnOf = new Map<TestedThing, Answer["drawn"][]>();
  const answers: Answer[] = [];
  for (const row of rows) {
    const [repeat, fold] = [Number(row.repeat), Number(row.fold)];
    if (repeat >= repeats) continue;
    const place = `${repeat} ${fold}`;
    const own = folds.get(place) ?? inFold(repeat, fold);
    folds.set(place, own);
    const line = `${row.regime}, ${row.pooling}`;
    const [digits, scenes] =
      judged === "silhouettes" ? [row.silhouettes, SILHOUETTES] : [row.cells, CELLS.length];
    const right = answersIn(String(digits), scenes, own.length);
    for (const [number, thing] of own.entries()) {
      const drawn = drawnOf.get(thing) ?? CELLS.map((cell) => drawnIn(thing, cell.distractors));
      drawnOf.set(thing, drawn);
      for (let scene = 0; scene < scenes; scene++) {
        if (typeof judged === "number" && scene !== judged) continue;
        answers.push({
          line,
          thing: thing.thing,
          repeat,
          fold,
          scene,
          correct: right[number * scenes + scene]!,
          ...(judged !== "silhouettes" && { drawn: drawn[scene] }),
        });
      }
    }
  }
  return answerTable(things, answers);
}

function drawnIn({ background, distractors }: TestedThing, count: number): Answer["drawn"] {
  // A shape that was drawn twice for a scene is one of its population all the same.
  return { background: [background], distractor: [...new Set(distractors.slice(0, count))] };
}

import { groupCount } from "../../datasets/scenes/layout";
import {
  judgeLines,
  type LineAccuracy,
  type LineComparison,
  thingsNeeded,
} from "../../statistics/judge-lines";
import type { Row } from "../experiment";
import { answersOf, lineName, type WholeRepeats, wholeRepeats } from "./answers";
import { type JudgedPhotographs, judgePhotographs, type PhotographLine } from "./judge-photographs";
import { epochsOf, type LineName, type SceneLine } from "./line";
import { CELLS } from "./repeat-plan";
import type { TestedThing } from "./tested-things";

/** One comparison of a table, named before any row: does the first line do better than the second on the same scenes? */
export interface Comparison {
  question: string;
  first: LineName;
  second: LineName;
}

/** At most six comparisons that answer one question; their intervals hold together. */
export interface Family {
  title: string;
  comparisons: readonly Comparison[];
}

/** A comparison with its answer. */
export interface JudgedComparison extends Comparison {
  family: string;
  result: LineComparison;
  /** The same on photographs of things where they were found. */
  onPhotographs?: LineComparison | undefined;
  /** How many things would do to find `WANTED_DIFFERENCE`, where those that are there don't. */
  thingsNeeded?: number;
}

/** What is known of a line. */
export interface JudgedLine {
  line: SceneLine;
  accuracy: LineAccuracy;
  /** Accuracy where the target is a silhouette filled with clutter. */
  silhouettes: LineAccuracy;
  onPhotographs?: PhotographLine | undefined;
  /** Means over the runs; undefined where the line looks nowhere. */
  targetDensity: number | undefined;
  distractorDensity: number | undefined;
  pointing: number | undefined;
  effectivePositions: number | undefined;
  trainedParameters: number;
  /** Of a fold, on one thread, training and test. */
  seconds: number;
  /** Share of the runs whose best epoch by validation was the last: 1 says that the line may gain by more. */
  bestWasLast: number;
}

/** A table judged. */
export interface JudgedTable {
  repeats: number;
  things: number;
  lines: JudgedLine[];
  comparisons: JudgedComparison[];
  runs: WholeRepeats;
  photographs?: JudgedPhotographs | undefined;
}

/** The difference, as a share, that the named comparisons ought to find in four cases of five. */
export const WANTED_DIFFERENCE = 0.035;

/**
 * Judges the rows of a table over things, repeats, backgrounds and distractors.
 * @param answersOnPhotographs of the same runs, where there are any
 * @throws UserError as `wholeRepeats` and `answersOf` do
 */
export function judgeTable(
  rows: readonly Row[],
  tested: readonly TestedThing[],
  lines: readonly SceneLine[],
  families: readonly Family[],
  answersOnPhotographs: readonly Row[] = [],
): JudgedTable {
  const runs = wholeRepeats(rows, lines, groupCount);
  const names = new Set(runs.rows.map(({ run }) => run));
  const photographs = judgePhotographs(answersOnPhotographs.filter(({ run }) => names.has(run!)));
  const cells = answersOf(runs, tested, "cells");
  const accuracies = judgeLines(cells, []).lines;
  const silhouettes = judgeLines(answersOf(runs, tested, "silhouettes"), []).lines;
  const of = (judged: readonly LineAccuracy[], line: LineName) =>
    judged.find((one) => one.line === lineName(line))!;
  const comparisons = families.flatMap(({ title, comparisons: asked }) => {
    const pairs = asked.map(({ first, second }) => [lineName(first), lineName(second)] as const);
    const onPhotographs = photographs?.compare(pairs);
    return judgeLines(cells, pairs).comparisons.map((result, place): JudgedComparison => {
      const short = result.smallestDetectable > WANTED_DIFFERENCE;
      const needed = short && thingsNeeded(result, cells.things.length, WANTED_DIFFERENCE);
      return {
        ...asked[place]!,
        family: title,
        result,
        onPhotographs: onPhotographs?.[place],
        ...(needed && { thingsNeeded: needed }),
      };
    });
  });
  return {
    repeats: runs.repeats,
    things: cells.things.length,
    lines: lines.map((line) => ({
      line,
      accuracy: of(accuracies, line),
      silhouettes: of(silhouettes, line),
      onPhotographs: photographs?.lineOf(lineName(line)),
      ...meansOf(runs, line, line.role !== "ceiling"),
    })),
    comparisons,
    runs,
    photographs,
  };
}

/** @param looks whether the line finds by itself where to look */
function meansOf({ rows }: WholeRepeats, { regime, pooling }: LineName, looks: boolean) {
  const own = rows.filter((row) => row.regime === regime && row.pooling === pooling);
  const mean = (column: string) => {
    const values = own.map((row) => row[column]).filter((value) => value !== "");
    return values.length > 0
      ? values.reduce<number>((sum, value) => sum + Number(value), 0) / values.length
      : undefined;
  };
  const look = (column: string) => (looks ? mean(column) : undefined);
  const last = String(epochsOf({ regime, pooling }));
  return {
    bestWasLast: own.filter(({ best_epoch }) => String(best_epoch) === last).length / own.length,
    targetDensity: look("target_density"),
    distractorDensity: look("distractor_density"),
    pointing: look("pointing"),
    effectivePositions: look("effective_positions"),
    trainedParameters: mean("trained_parameters")!,
    seconds: mean("seconds")!,
  };
}

/** A difference in one cell of the surface; its interval is that of this cell alone. */
export interface SurfaceCell extends Comparison {
  size: number;
  distractors: number;
  result: LineComparison;
}

/** The same differences in every cell of target size and number of distractors. */
export function surfaceOf(
  runs: WholeRepeats,
  tested: readonly TestedThing[],
  comparisons: readonly Comparison[],
): SurfaceCell[] {
  const asked = new Set(comparisons.flatMap(({ first, second }) => [lineName(first), lineName(second)]));
  const rows = runs.rows.filter((row) => asked.has(`${row.regime}, ${row.pooling}`));
  return CELLS.flatMap(({ size, distractors }, cell) => {
    const answers = answersOf({ ...runs, rows }, tested, cell);
    return comparisons.map((comparison) => {
      const pair = [lineName(comparison.first), lineName(comparison.second)] as const;
      return { ...comparison, size, distractors, result: judgeLines(answers, [pair]).comparisons[0]! };
    });
  });
}

import { UserError } from "../../runtime/user-error";
import type { Row } from "../experiment";
import type { LineName } from "./line";
import { CELLS, SILHOUETTES } from "./repeat-plan";
import type { LineResult } from "./run-line";

/** The columns of a run's row; what a run answered for its things stands in the last two. */
export const ANSWER_COLUMNS = [
  "run",
  "regime",
  "pooling",
  "repeat",
  "fold",
  "best_epoch",
  "validation_accuracy",
  "trained_parameters",
  "seconds",
  "target_density",
  "distractor_density",
  "pointing",
  "effective_positions",
  "cells",
  "silhouettes",
] as const;

/** Those that hold texts. */
export const ANSWER_NAMES = ["run", "regime", "pooling", "cells", "silhouettes"] as const;

/** Columns that differ when a run is made again: everything else must not. */
export const CHANGING_COLUMNS: readonly string[] = ["seconds"];

/** A run as a row. */
export function rowOf(
  { name, line, repeat, fold }: { name: string; line: LineName; repeat: number; fold: number },
  { look, ...result }: LineResult,
  seconds: number,
): Row {
  const decimals = (value: number | undefined) => value?.toFixed(6) ?? "";
  return {
    run: name,
    regime: line.regime,
    pooling: line.pooling,
    repeat,
    fold,
    best_epoch: result.bestEpoch,
    validation_accuracy: decimals(result.validationAccuracy),
    trained_parameters: result.trainedParameters,
    seconds: seconds.toFixed(1),
    target_density: decimals(look?.targetDensity),
    distractor_density: decimals(look?.distractorDensity),
    pointing: decimals(look?.pointing),
    effective_positions: decimals(look?.effectivePositions),
    cells: asDigits(result.cells, CELLS.length),
    silhouettes: asDigits(result.silhouettes, SILHOUETTES),
  };
}

/**
 * Right and wrong answers as hexadecimal digits, a group of digits for each thing: its first scene is the highest bit.
 * @param scenes of a thing
 */
export function asDigits(answers: readonly number[], scenes: number): string {
  const things = Array.from({ length: answers.length / scenes }, (_, thing) => {
    const bits = answers.slice(thing * scenes, (thing + 1) * scenes);
    return Number.parseInt(bits.join(""), 2).toString(16).padStart(digitsOf(scenes), "0");
  });
  return things.join("");
}

/**
 * The answers that digits stand for.
 * @param things how many there are
 * @throws UserError for digits of another number of things, or what is no such digits
 */
export function answersIn(digits: string, scenes: number, things: number): number[] {
  const length = digitsOf(scenes);
  if (!/^[0-9a-f]*$/.test(digits) || digits.length !== length * things) {
    throw new UserError(
      `"${digits.slice(0, 12)}…" does not hold the answers for ${things} things, ${length} hexadecimal digits each. Bring the original file back.`,
    );
  }
  return Array.from({ length: things }, (_, thing) => {
    const bits = Number.parseInt(digits.slice(thing * length, (thing + 1) * length), 16);
    return [...bits.toString(2).padStart(scenes, "0")].map(Number);
  }).flat();
}

const digitsOf = (scenes: number) => Math.ceil(scenes / 4);

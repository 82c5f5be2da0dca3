import * as fs from "node:fs";
import * as path from "node:path";
import { formatCsv, parseCsv, requireNumbers } from "../../datasets/csv";
import { dataFolder } from "../../node/files";
import { UserError } from "../../runtime/user-error";
import type { LineName, Rates } from "./line";

/** Repeats on which step sizes are chosen; no table uses them. */
export const CHOICE_REPEATS = [100, 101] as const;

/** One training of a choice: what validation said of it. */
export interface Trial extends LineName {
  headRate: number;
  /** 0 where no stage is fine-tuned. */
  stageRate: number;
  repeat: number;
  bestEpoch: number;
  validationAccuracy: number;
  validationLoss: number;
}

const COLUMNS = [
  "regime",
  "pooling",
  "head_rate",
  "stage_rate",
  "repeat",
  "best_epoch",
  "validation_accuracy",
  "validation_loss",
] as const;

/** Rates that were tried for a line, best first. */
export interface Candidate {
  rates: Rates;
  /** Means over the repeats of a choice. */
  accuracy: number;
  loss: number;
}

/** All that was tried, and what follows from it: the file holds no choice of its own. */
export class Choices {
  constructor(readonly trials: readonly Trial[]) {}

  /** The rates that were tried for a line on every repeat of a choice: highest mean accuracy first, then lowest loss. */
  candidates(line: LineName): Candidate[] {
    const own = this.trials.filter(
      ({ regime, pooling }) => regime === line.regime && pooling === line.pooling,
    );
    const keys = [...new Set(own.map(({ headRate, stageRate }) => `${headRate} ${stageRate}`))];
    const all = keys.map((key) =>
      own.filter(({ headRate, stageRate }) => `${headRate} ${stageRate}` === key),
    );
    // Rounded, so that equal shares are equal whatever their order in the sum.
    const mean = (trials: readonly Trial[], of: (trial: Trial) => number) =>
      Number((trials.reduce((sum, trial) => sum + of(trial), 0) / trials.length).toFixed(6));
    return all
      .filter((trials) => trials.length === CHOICE_REPEATS.length)
      .map((trials) => ({
        rates: ratesOf(trials[0]!),
        accuracy: mean(trials, ({ validationAccuracy }) => validationAccuracy),
        loss: mean(trials, ({ validationLoss }) => validationLoss),
      }))
      .sort((one, other) => other.accuracy - one.accuracy || one.loss - other.loss);
  }

  /** Whether the best rates of a line are the smallest or the largest that were tried, so that others might be better. */
  isBestAtEnd(line: LineName): boolean {
    const tried = this.candidates(line).map(({ rates }) => rates.stageLearningRate ?? rates.headLearningRate);
    return tried[0] === Math.min(...tried) || tried[0] === Math.max(...tried);
  }

  /**
   * The rates with which a table trains a line.
   * @throws UserError where none were chosen
   */
  ratesOf(line: LineName): Rates {
    const best = this.candidates(line)[0];
    if (best) return best.rates;
    throw new UserError(
      `No step sizes are chosen for "${line.regime}, ${line.pooling}". Run \`npm run choose -- "${line.regime}, ${line.pooling}"\`.`,
    );
  }
}

function ratesOf({ headRate, stageRate }: Trial): Rates {
  return { headLearningRate: headRate, ...(stageRate > 0 && { stageLearningRate: stageRate }) };
}

/** The committed trials. */
export function choicesFile(): string {
  return path.join(dataFolder(), "reference", "choices.csv");
}

/** Reads the committed trials; none where there is no file. @throws UserError where it is broken */
export function readChoices(file = choicesFile()): Choices {
  if (!fs.existsSync(file)) return new Choices([]);
  const rows = parseCsv(fs.readFileSync(file, "utf8"), file, COLUMNS);
  requireNumbers(rows, COLUMNS.slice(2), file);
  return new Choices(
    rows.map((row) => ({
      regime: row.regime,
      pooling: row.pooling,
      headRate: Number(row.head_rate),
      stageRate: Number(row.stage_rate),
      repeat: Number(row.repeat),
      bestEpoch: Number(row.best_epoch),
      validationAccuracy: Number(row.validation_accuracy),
      validationLoss: Number(row.validation_loss),
    })),
  );
}

/** As CSV, sorted, so that the file does not depend on the order in which lines were chosen. */
export function choicesCsv({ trials }: Choices): string {
  const rows = trials.map((trial) => ({
    regime: trial.regime,
    pooling: trial.pooling,
    head_rate: trial.headRate,
    stage_rate: trial.stageRate,
    repeat: trial.repeat,
    best_epoch: trial.bestEpoch,
    validation_accuracy: trial.validationAccuracy.toFixed(6),
    validation_loss: trial.validationLoss.toFixed(6),
  }));
  const keyOf = (row: (typeof rows)[number]) =>
    [
      row.regime,
      row.pooling,
      ...[row.head_rate, row.stage_rate, row.repeat].map((n) => n.toFixed(6).padStart(12, "0")),
    ].join();
  rows.sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  return formatCsv(COLUMNS, rows);
}

import { requireBetween, requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** Scores of labelled items. */
export interface LabelledScores {
  /** Scores of the classes before the softmax, `[items, classes]`, row-major. */
  logits: ArrayLike<number>;
  /** The class of each item, 0 … classes − 1. */
  labels: ArrayLike<number>;
  classes: number;
}

/**
 * Probabilities of the classes, `[items, classes]`: the softmax of logits ÷ temperature.
 * @throws UserError for a temperature that is not above 0
 */
export function probabilitiesOf(logits: ArrayLike<number>, classes: number, temperature = 1): Float64Array {
  requireWhole("The number of classes", classes, 2);
  if (!(temperature > 0) || !Number.isFinite(temperature))
    throw new UserError(`A temperature is a number above 0, not ${temperature}.`);
  const result = new Float64Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]!);
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      result[start + c] = Math.exp((logits[start + c]! - largest) / temperature);
      sum += result[start + c]!;
    }
    for (let c = 0; c < classes; c++) result[start + c]! /= sum;
  }
  return result;
}

/** Temperatures that are looked at; beyond them probabilities are all but even, or all but certain. */
const [coolest, hottest] = [0.05, 20];

/**
 * The temperature by which logits are divided so that their probabilities fit other items best (Guo et al. 2017,
 * arXiv:1706.04599, section 4.2): the one with the lowest cross-entropy on items that nothing was trained on. Which class is
 * the most probable stays as it is.
 *
 * The right class counts as (n + 1) / (n + 2) rather than as 1, as Platt (1999) has it: of n items that are all right, no
 * temperature would otherwise be low enough, and the model would be certain of everything.
 * @throws UserError without items, or for a label that is none
 */
export function fitTemperature(scores: LabelledScores): number {
  const count = checkScores(scores);
  const { logits, labels, classes } = scores;
  const right = (count + 1) / (count + 2);
  const other = (1 - right) / (classes - 1);
  const loss = (logTemperature: number) => {
    const probabilities = probabilitiesOf(logits, classes, Math.exp(logTemperature));
    let sum = 0;
    for (let i = 0; i < count; i++) {
      for (let c = 0; c < classes; c++) {
        const target = c === labels[i] ? right : other;
        sum -= target * Math.log(Math.max(probabilities[i * classes + c]!, Number.MIN_VALUE));
      }
    }
    return sum;
  };
  return Math.exp(lowest(loss, Math.log(coolest), Math.log(hottest)));
}

/** Where a function with one valley is lowest: golden-section search (Kiefer 1953). */
function lowest(f: (x: number) => number, from: number, to: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atA, atB] = [f(a), f(b)];
  while (high - low > 1e-4) {
    if (atA <= atB) {
      [high, b, atB] = [b, a, atA];
      a = high - ratio * (high - low);
      atA = f(a);
    } else {
      [low, a, atA] = [a, b, atB];
      b = low + ratio * (high - low);
      atB = f(b);
    }
  }
  return (low + high) / 2;
}

/**
 * The expected calibration error: items are put into bins by the probability of the class that the model gives, and the
 * distance between that probability and the share that is right is averaged over items (Naeini et al. 2015; Guo et al.
 * 2017). 0 is a model that is right as often as it says. It is biased upwards with few items.
 * @param bins of equal width over 0 … 1; 10 when left out
 * @throws UserError without items, for probabilities outside 0 … 1, or a label that is none
 */
export function expectedCalibrationError(
  probabilities: ArrayLike<number>,
  { labels, classes }: Pick<LabelledScores, "labels" | "classes">,
  bins = 10,
): number {
  const count = checkScores({ logits: probabilities, labels, classes });
  requireWhole("The number of bins", bins, 1, 1_000_000);
  const gaps = new Float64Array(bins);
  for (let i = 0; i < count; i++) {
    let given = 0;
    for (let c = 1; c < classes; c++)
      if (probabilities[i * classes + c]! > probabilities[i * classes + given]!) given = c;
    const confidence = requireBetween("A probability", probabilities[i * classes + given]!, 0, 1);
    gaps[Math.min(bins - 1, Math.floor(confidence * bins))]! += Number(given === labels[i]) - confidence;
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / count;
}

/** @returns how many items there are */
function checkScores({ logits, labels, classes }: LabelledScores): number {
  requireWhole("The number of classes", classes, 2);
  const count = labels.length;
  if (count === 0 || logits.length !== count * classes) {
    throw new UserError(
      `There are ${logits.length} scores for ${count} items of ${classes} classes. Give one for each class of each item.`,
    );
  }
  for (let i = 0; i < count; i++) requireWhole(`The label of item ${i}`, labels[i]!, 0, classes - 1);
  return count;
}

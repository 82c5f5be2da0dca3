import { UserError } from "../runtime/user-error";

/**
 * Pearson's correlation of two lists of numbers, −1 … 1; NaN where one of them is the same everywhere, for
 * which it is not defined.
 * @throws UserError for lists of different lengths, fewer than two numbers, or numbers that are not finite
 */
export function pearson(first: ArrayLike<number>, second: ArrayLike<number>): number {
  requirePairs(first, second);
  const count = first.length;
  const [a, b] = [centred(first), centred(second)];
  let [product, squaresA, squaresB] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    product += a[i]! * b[i]!;
    squaresA += a[i]! ** 2;
    squaresB += b[i]! ** 2;
  }
  if (squaresA === 0 || squaresB === 0) return Number.NaN;
  return Math.min(1, Math.max(-1, product / Math.sqrt(squaresA * squaresB)));
}

/**
 * Spearman's rank correlation of two lists of numbers, −1 … 1: Pearson's correlation of their ranks, where equal
 * numbers share the mean of their ranks. NaN where one list is the same everywhere.
 * @throws UserError as {@link pearson}
 */
export function spearman(first: ArrayLike<number>, second: ArrayLike<number>): number {
  requirePairs(first, second);
  return pearson(ranks(first), ranks(second));
}

/** The rank of every number, from 1 for the smallest; equal numbers share the mean of their ranks. */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let place = start; place < end; place++) result[order[place]!] = (start + 1 + end) / 2;
    start = end;
  }
  return result;
}

function centred(values: ArrayLike<number>): Float64Array {
  const result = Float64Array.from(values);
  // The mean of equal numbers may differ from them in the last digit, and would make noise of no variation.
  if (result.every((value) => value === result[0])) return result.fill(0);
  const mean = result.reduce((sum, value) => sum + value, 0) / result.length;
  return result.map((value) => value - mean);
}

function requirePairs(first: ArrayLike<number>, second: ArrayLike<number>): void {
  if (first.length !== second.length || first.length < 2) {
    throw new UserError(
      `A correlation needs two lists of the same length, at least 2, not of ${first.length} and ${second.length}.`,
    );
  }
  for (const list of [first, second]) {
    const wrong = Array.prototype.findIndex.call(list, (value: number) => !Number.isFinite(value));
    if (wrong >= 0)
      throw new UserError(`Number ${wrong} of a correlation is ${list[wrong]}. All must be finite.`);
  }
}

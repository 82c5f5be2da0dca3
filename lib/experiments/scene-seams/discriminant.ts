/** A penalty on the squared weights, as a share of the number of examples: features are many and alike. */
const PENALTY = 0.01;

/**
 * A linear classifier of two sides, by least squares with a penalty on features of mean 0 and deviation 1: Fisher's
 * discriminant, regularised.
 *
 * @param examples features of each, equally many
 * @param targets whether an example belongs to the first side
 * @returns scores an example: the higher, the more it looks like the first side
 */
export function trainDiscriminant(
  examples: readonly ArrayLike<number>[],
  targets: readonly boolean[],
): (features: ArrayLike<number>) => number {
  const size = examples[0]!.length;
  const mean = new Float64Array(size);
  const scale = new Float64Array(size);
  for (const features of examples) for (let i = 0; i < size; i++) mean[i]! += features[i]! / examples.length;
  for (const features of examples)
    for (let i = 0; i < size; i++) scale[i]! += (features[i]! - mean[i]!) ** 2 / examples.length;
  // A feature that never changes, but for rounding, says nothing.
  for (let i = 0; i < size; i++)
    scale[i] = scale[i]! > 1e-20 * (1 + mean[i]! ** 2) ? 1 / Math.sqrt(scale[i]!) : 0;
  const standard = (features: ArrayLike<number>, into: Float64Array) => {
    for (let i = 0; i < size; i++) into[i] = (features[i]! - mean[i]!) * scale[i]!;
    return into;
  };

  const products = Array.from({ length: size }, () => new Float64Array(size));
  const towards = new Float64Array(size);
  const row = new Float64Array(size);
  const share = targets.filter((target) => target).length / targets.length;
  for (const [index, features] of examples.entries()) {
    standard(features, row);
    const target = (targets[index] ? 1 : 0) - share;
    for (let i = 0; i < size; i++) {
      const value = row[i]!;
      const line = products[i]!;
      for (let j = 0; j <= i; j++) line[j]! += value * row[j]!;
      towards[i]! += value * target;
    }
  }
  for (let i = 0; i < size; i++) products[i]![i]! += PENALTY * examples.length;
  const weights = solved(products, towards);
  return (features) => {
    standard(features, row);
    let score = 0;
    for (let i = 0; i < size; i++) score += weights[i]! * row[i]!;
    return score;
  };
}

/** Products of every two features and their squares beside the features: a linear classifier of them bends. */
export function withProducts(features: readonly number[]): number[] {
  return [
    ...features,
    ...features.flatMap((one, index) => features.slice(index).map((other) => one * other)),
  ];
}

/** Solves a symmetric positive system, of which the lower half is given, by Cholesky's decomposition in place. */
function solved(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= matrix[i]![k]! * matrix[j]![k]!;
      matrix[i]![j] = i === j ? Math.sqrt(sum) : sum / matrix[j]![j]!;
    }
  }
  const result = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) result[i]! -= matrix[i]![k]! * result[k]!;
    result[i]! /= matrix[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) result[i]! -= matrix[k]![i]! * result[k]!;
    result[i]! /= matrix[i]![i]!;
  }
  return result;
}

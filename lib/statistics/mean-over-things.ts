import { type Design, overPairs } from "./design";

/** A mean over things and repeats with the variance that it would have over new ones. */
export interface MeanOverThings {
  mean: number;
  standardError: number;
  /** Degrees of freedom of the standard error, by Satterthwaite's approximation. */
  freedom: number;
  /** Variance of the mean that comes from which things were tested, and from chance in each answer. */
  fromThings: number;
  /** Variance on top of that: from what all answers of a fold or a repeat share. */
  fromRepeats: number;
  /** Variance on top of both: from what was drawn beside the things and comes again in other repeats. */
  fromDrawn: number;
  /** For each group the sum of its things' deviations from the mean of their class. */
  groupSums: Float64Array;
}

/**
 * The mean of `values` and its variance, with things (by group, within classes, which are fixed), repeats, and what else was
 * drawn (backgrounds, distractors) all taken at random and crossed: A + max(0, B − C) + D. A is the variance of the mean that
 * the differences between groups show, B the one that the differences between the repeats' means show, C what both contain,
 * from the interaction of groups and repeats; D adds the variance between backgrounds (and so on), as pairs of scenes with
 * the same one in different repeats, of different groups, show it, where it is above zero. Each is a mean square that is
 * unbiased for groups of equal size; otherwise as if a group's sum varied in proportion to its size.
 *
 * Whatever the answers of a repeat share (its folds, what was dealt to them, the weights drawn) is in B without being
 * modelled. What no repeat varies is in none: all models come from one set of things.
 *
 * Source: the crossed two-way random model and its mean squares (Searle, Casella & McCulloch 1992, Variance Components,
 * chapter 4), as studies of several readers over many cases use it; that B − C stays above zero, in the degrees of freedom
 * too, follows Hillis (2007, Statistics in Medicine 26). Groups, classes and D are additions.
 *
 * @param values one for each scene
 */
export function meanOverThings(values: Float64Array, design: Design): MeanOverThings {
  const { repeats, groupOf, classOf, classOfGroup, classSizes, leftByMean, cells, weights } = design;
  const [things, groups, classes] = [groupOf.length, classOfGroup.length, classSizes.length];
  const tested = new Float64Array(things * repeats);
  for (let scene = 0; scene < values.length; scene++)
    tested[cells[scene]!]! += values[scene]! * weights[scene]! * tested.length;
  const classMeans = new Float64Array(classes * repeats);
  const repeatMeans = new Float64Array(repeats);
  for (let i = 0, cell = 0; i < things; i++) {
    for (let r = 0; r < repeats; r++, cell++) {
      repeatMeans[r]! += tested[cell]! / things;
      classMeans[classOf[i]! * repeats + r]! += tested[cell]! / classSizes[classOf[i]!]!;
    }
  }
  const mean = repeatMeans.reduce((sum, value) => sum + value, 0) / repeats;

  // Sums of deviations, by group and repeat.
  const sums = new Float64Array(groups * repeats);
  for (let i = 0, cell = 0; i < things; i++) {
    for (let r = 0; r < repeats; r++, cell++) {
      sums[groupOf[i]! * repeats + r]! += tested[cell]! - classMeans[classOf[i]! * repeats + r]!;
    }
  }
  const groupSums = new Float64Array(groups);
  const [between, within] = [new Float64Array(classes), new Float64Array(classes)];
  for (let g = 0; g < groups; g++) {
    let sum = 0;
    for (let r = 0; r < repeats; r++) sum += sums[g * repeats + r]! / repeats;
    groupSums[g] = sum;
    between[classOfGroup[g]!]! += sum ** 2;
    for (let r = 0; r < repeats; r++) within[classOfGroup[g]!]! += (sums[g * repeats + r]! - sum) ** 2;
  }
  let [fromThings, interaction, spread] = [0, 0, 0];
  for (let c = 0; c < classes; c++) {
    const left = leftByMean[c]!;
    const part = between[c]! / left / things ** 2;
    fromThings += part;
    // As many degrees of freedom as groups of equal size with the same Σ h² would give.
    spread += part ** 2 / (1 / (1 - left) - 1);
    interaction += within[c]! / left / (repeats - 1) / repeats / things ** 2;
  }
  const betweenRepeats =
    repeatMeans.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repeats - 1) / repeats;
  const fromRepeats = Math.max(0, betweenRepeats - interaction);
  if (fromRepeats > 0) spread += betweenRepeats ** 2 / (repeats - 1);

  let fromDrawn = 0;
  if (design.drawn.length > 0) {
    const deviations = values.map((value, scene) => {
      const cell = cells[scene]!;
      const ofClass = classOf[Math.floor(cell / repeats)]! * repeats + (cell % repeats);
      return (value - classMeans[ofClass]!) * weights[scene]!;
    });
    for (const { scenes, clusters, count, squaredWeights, pairWeights } of design.drawn) {
      if (pairWeights <= 0 || count < 2) continue;
      const variance = overPairs(clusters, scenes, deviations) / pairWeights / (1 - 1 / count);
      const part = Math.max(0, variance * squaredWeights);
      fromDrawn += part;
      spread += part ** 2 / (count - 1);
    }
  }
  const variance = fromThings + fromRepeats + fromDrawn;
  return {
    mean,
    standardError: Math.sqrt(variance),
    // A sum of mean squares has no fewer than the one that has fewest.
    freedom: spread > 0 ? Math.max(repeats - 1, variance ** 2 / spread) : groups - classes,
    fromThings,
    fromRepeats,
    fromDrawn,
    groupSums,
  };
}

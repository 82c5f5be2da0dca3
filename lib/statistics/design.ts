import { shown } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { type AnswerTable, groupKey } from "./answer-table";

/** Which answers share what, as numbers. */
export interface Design {
  repeats: number;
  /** Number of the group of each thing. */
  groupOf: Int32Array;
  /** Number of the class of each thing. */
  classOf: Int32Array;
  /** Number of the class of each group. */
  classOfGroup: Int32Array;
  /** For each class how many things it has. */
  classSizes: Float64Array;
  /** For each class 1 − Σ h², where h are the shares that its groups have of its things. */
  leftByMean: Float64Array;
  /** For each scene its place in `things × repeats`. */
  cells: Int32Array;
  /** For each scene its weight in the mean: each thing counts as much as another, and each of its scenes in a repeat. */
  weights: Float64Array;
  drawn: readonly DrawnDesign[];
}

/** Where things drawn beside the target, such as backgrounds, come again. */
export interface DrawnDesign {
  /** For each occurrence its scene. */
  scenes: Int32Array;
  /** Occurrences numbered by what was drawn; by that and the repeat; and the group; and both. */
  clusters: { all: Clusters; inRepeat: Clusters; inGroup: Clusters; inBoth: Clusters };
  /** How many different ones there are. */
  count: number;
  /** Σ over what was drawn of its weight in the mean, squared: its variance counts so many times. */
  squaredWeights: number;
  /** The same sum over pairs of occurrences in different repeats and groups, which alone show that variance unmixed. */
  pairWeights: number;
}

/** A number for each item, 0 … count − 1. */
export interface Clusters {
  of: Int32Array;
  count: number;
}

/**
 * @throws UserError for a single repeat, and for a class of a single group, by its name: neither shows how much it varies
 */
export function designOf(table: Pick<AnswerTable, "things" | "repeats" | "cells" | "drawn">): Design {
  const { things, repeats, cells } = table;
  if (repeats < 2) throw new UserError("An interval over repeats needs at least two repeats, not 1.");
  const classes = clustersOf(things.length, (i) => things[i]!.className);
  const groups = clustersOf(things.length, (i) => groupKey(things[i]!));
  const classOfGroup = new Int32Array(groups.count);
  const groupSizes = new Float64Array(groups.count);
  const classSizes = new Float64Array(classes.count);
  for (let i = 0; i < things.length; i++) {
    classOfGroup[groups.of[i]!] = classes.of[i]!;
    groupSizes[groups.of[i]!]! += 1;
    classSizes[classes.of[i]!]! += 1;
  }
  const leftByMean = new Float64Array(classes.count).fill(1);
  for (const [group, size] of groupSizes.entries()) {
    const ofClass = classOfGroup[group]!;
    leftByMean[ofClass]! -= (size / classSizes[ofClass]!) ** 2;
  }
  const lone = leftByMean.findIndex((left) => left < 1e-9);
  if (lone >= 0) {
    const { className } = things[classes.of.indexOf(lone)]!;
    throw new UserError(
      `The class ${shown(className)} has a single group of near-duplicates, which does not show how much its things differ. Add things, or leave the class out.`,
    );
  }
  const scenesInCell = new Float64Array(things.length * repeats);
  for (const cell of cells) scenesInCell[cell]! += 1;
  const weights = Float64Array.from(cells, (cell) => 1 / scenesInCell[cell]! / scenesInCell.length);
  const drawn = [...table.drawn.values()].map(({ scenes, numbers }) => {
    const repeatOf = (i: number) => cells[scenes[i]!]! % repeats;
    const groupOf = (i: number) => groups.of[Math.floor(cells[scenes[i]!]! / repeats)]!;
    const all = clustersOf(scenes.length, (i) => numbers[i]!);
    const inRepeat = clustersOf(scenes.length, (i) => all.of[i]! * repeats + repeatOf(i));
    const inGroup = clustersOf(scenes.length, (i) => all.of[i]! * groups.count + groupOf(i));
    const inBoth = clustersOf(
      scenes.length,
      (i) => (all.of[i]! * groups.count + groupOf(i)) * repeats + repeatOf(i),
    );
    const clusters = { all, inRepeat, inGroup, inBoth };
    return {
      scenes,
      clusters,
      count: all.count,
      squaredWeights: sumOfSquares(all, scenes, weights),
      pairWeights: overPairs(clusters, scenes, weights),
    };
  });
  return {
    repeats,
    groupOf: groups.of,
    classOf: classes.of,
    classOfGroup,
    classSizes,
    leftByMean,
    cells,
    weights,
    drawn,
  };
}

/** Σ over pairs of occurrences of one drawn thing, in different repeats and different groups, of the product of their values. */
export function overPairs(
  clusters: DrawnDesign["clusters"],
  scenes: Int32Array,
  values: Float64Array,
): number {
  // Pairs in one repeat and pairs of one group are left out; those that are both must not be left out twice.
  const sum = (which: Clusters) => sumOfSquares(which, scenes, values);
  return sum(clusters.all) - sum(clusters.inRepeat) - sum(clusters.inGroup) + sum(clusters.inBoth);
}

function sumOfSquares({ of, count }: Clusters, scenes: Int32Array, values: Float64Array): number {
  const sums = new Float64Array(count);
  for (let i = 0; i < of.length; i++) sums[of[i]!]! += values[scenes[i]!]!;
  return sums.reduce((total, sum) => total + sum * sum, 0);
}

function clustersOf(items: number, keyOf: (item: number) => string | number): Clusters {
  const numbers = new Map<string | number, number>();
  const of = new Int32Array(items);
  for (let item = 0; item < items; item++) {
    const key = keyOf(item);
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    of[item] = number;
  }
  return { of, count: numbers.size };
}

import type { AnswerTable } from "../../statistics/answer-table";
import { designOf, overPairs } from "../../statistics/design";

/** Mean products of two lines' deviations, by what the two scenes of a pair have in common. */
export interface PairCovariances {
  /** The group of near-duplicates, nothing else. */
  group: number;
  /** The thing, in two repeats: so the group too. */
  thing: number;
  /** The thing and the repeat: so the fold too. */
  thingInRepeat: number;
  /** The repeat, not the fold. */
  repeat: number;
  /** The fold of a repeat, not the group. */
  fold: number;
  background: number;
  /** One distractor. */
  distractor: number;
  /** Everything: a scene with itself. */
  scene: number;
}

/**
 * What the answers of a table share, read off pairs of scenes: of two lines, or of one with itself. Answers are taken as
 * deviations from the mean of the line in the thing's class; pairs that have nothing in common set the zero.
 */
export function pairCovariances(
  table: AnswerTable,
  deviations: readonly [Float64Array, Float64Array],
): PairCovariances {
  const { repeats, cells, folds } = table;
  const { groupOf, drawn } = designOf(table);
  const thingOf = (scene: number) => Math.floor(cells[scene]! / repeats);
  const repeatOf = (scene: number) => cells[scene]! % repeats;
  const over = (keyOf: (scene: number) => string) => products(deviations, keyOf);
  const all = over(() => "");
  const self = over((scene) => `${scene}`);
  const cell = over((scene) => `${cells[scene]}`);
  const thing = over((scene) => `${thingOf(scene)}`);
  const group = over((scene) => `${groupOf[thingOf(scene)]}`);
  const groupInRepeat = over((scene) => `${groupOf[thingOf(scene)]}/${repeatOf(scene)}`);
  const fold = over((scene) => `${repeatOf(scene)}/${folds[cells[scene]!]}`);
  const repeat = over((scene) => `${repeatOf(scene)}`);
  const nothing = mean(all, [group, repeat], [groupInRepeat]);
  const [background = 0, distractor = 0] = ["background", "distractor"].map((kind) => {
    const place = [...table.drawn.keys()].indexOf(kind);
    return place < 0 ? 0 : ofDrawn(drawn[place]!, deviations);
  });
  return {
    group: mean(group, [groupInRepeat, thing], [cell]) - nothing,
    thing: mean(thing, [cell]) - nothing,
    thingInRepeat: mean(cell, [self]) - nothing,
    repeat: mean(repeat, [fold]) - nothing,
    fold: mean(fold, [groupInRepeat]) - nothing,
    background,
    distractor,
    scene: mean(self, []) - nothing,
  };
}

/** A sum over pairs of scenes that share a key, and how many pairs there are. */
interface PairSum {
  sum: number;
  pairs: number;
}

function products(
  [first, second]: readonly [Float64Array, Float64Array],
  keyOf: (scene: number) => string,
): PairSum {
  const sums = new Map<string, [number, number, number]>();
  for (let scene = 0; scene < first.length; scene++) {
    const key = keyOf(scene);
    const of = sums.get(key) ?? [0, 0, 0];
    sums.set(key, of);
    of[0] += first[scene]!;
    of[1] += second[scene]!;
    of[2] += 1;
  }
  let [sum, pairs] = [0, 0];
  for (const [a, b, count] of sums.values()) {
    sum += a * b;
    pairs += count * count;
  }
  return { sum, pairs };
}

/** The mean over pairs of the first kind that are of none of the second; those of the third were taken away twice. */
function mean(whole: PairSum, without: readonly PairSum[], again: readonly PairSum[] = []): number {
  const total = (of: (sum: PairSum) => number) =>
    of(whole) - without.reduce((sum, one) => sum + of(one), 0) + again.reduce((sum, one) => sum + of(one), 0);
  const pairs = total(({ pairs }) => pairs);
  return pairs > 0 ? total(({ sum }) => sum) / pairs : 0;
}

function ofDrawn(
  { clusters, scenes }: ReturnType<typeof designOf>["drawn"][number],
  [first, second]: readonly [Float64Array, Float64Array],
): number {
  const pairs = overPairs(clusters, scenes, new Float64Array(first.length).fill(1));
  if (pairs <= 0) return 0;
  // ⟨a, b⟩ from squares alone: (⟨a + b, a + b⟩ − ⟨a − b, a − b⟩) / 4.
  const of = (sign: number) =>
    overPairs(
      clusters,
      scenes,
      first.map((value, scene) => value + sign * second[scene]!),
    );
  return (of(1) - of(-1)) / 4 / pairs;
}

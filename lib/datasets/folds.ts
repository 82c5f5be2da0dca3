import { requireWhole, shown } from "../runtime/checks";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";

/** What decides where an item goes: items of one class and group are near-duplicates and stay together. */
export interface Dealt {
  group: string;
  className: string;
}

/**
 * Deals items into folds for a repeated cross-validation: in each repeat every item is in exactly one fold, whole groups of
 * near-duplicates at a time, and each class is spread over the folds as evenly as its groups allow. Folds as a whole stay about
 * equally large too.
 *
 * Groups of a class are dealt largest first, in random order among equals, each to the fold that has fewest items of the class,
 * and of these to the one that has fewest items altogether.
 *
 * @param folds how many, at least 2; two deal the items into halves
 * @param repeats how often all items are dealt anew
 * @param seed equal seeds give equal folds, and further repeats leave the earlier ones as they were
 * @returns for each repeat the number of each item's fold, 0 … folds − 1, in the order of the items
 * @throws UserError when a class has fewer groups than there are folds, since a fold would lack it
 */
export function dealFolds(
  items: readonly Dealt[],
  { folds, repeats = 1, seed }: { folds: number; repeats?: number; seed: number },
): number[][] {
  requireWhole("The number of folds", folds, 2, 1_000_000);
  requireWhole("The number of repeats", repeats, 1, 1_000_000);
  if (items.length === 0) throw new UserError("There is nothing to deal into folds.");
  const classes = groupsByClass(items);
  for (const [className, groups] of classes) {
    if (groups.length >= folds) continue;
    throw new UserError(
      `The class ${shown(className)} has ${groups.length} groups of near-duplicates, too few for ${folds} folds: a fold would lack it. ` +
        "Take fewer folds, add things, or leave the class out.",
    );
  }
  const stream = randomStream(seed, "folds");
  return Array.from({ length: repeats }, (_, repeat) => {
    const ofRepeat = stream.child(`repeat ${repeat}`);
    const result = new Array<number>(items.length).fill(-1);
    const sizes = new Array<number>(folds).fill(0);
    // Which fold gets the odd item is drawn anew in each class.
    for (const [className, groups] of classes) {
      const ofClass = ofRepeat.child(className);
      const order = ofClass.shuffled(Array.from({ length: folds }, (_, fold) => fold));
      const sizesOfClass = new Array<number>(folds).fill(0);
      const dealt = ofClass.shuffled(groups).sort((one, other) => other.length - one.length);
      for (const group of dealt) {
        const fold = order.reduce((best, candidate) => {
          const more = sizesOfClass[candidate]! - sizesOfClass[best]!;
          return more < 0 || (more === 0 && sizes[candidate]! < sizes[best]!) ? candidate : best;
        });
        for (const item of group) result[item] = fold;
        sizes[fold]! += group.length;
        sizesOfClass[fold]! += group.length;
      }
    }
    return result;
  });
}

/** For each class its groups, each the places of its items. */
function groupsByClass(items: readonly Dealt[]): Map<string, number[][]> {
  const classes = new Map<string, Map<string, number[]>>();
  for (const [place, { className, group }] of items.entries()) {
    const groups = classes.get(className) ?? new Map<string, number[]>();
    classes.set(className, groups);
    const ofGroup = groups.get(group) ?? [];
    groups.set(group, ofGroup);
    ofGroup.push(place);
  }
  return new Map([...classes].map(([className, groups]) => [className, [...groups.values()]]));
}

import type { RandomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";

/** An item that was scored by a classifier which saw nothing of its group. */
export interface ScoredItem {
  /** The number of its group: scores of different classifiers are not compared. */
  group: number;
  /** What is drawn anew for the interval: the thing, with its near-duplicates. */
  thing: string;
  isTarget: boolean;
  score: number;
}

export interface AreaUnderCurve {
  /** How often a target scores above another item of the same group, 0 … 1; 0.5 is chance. Equal scores count half. */
  area: number;
  /** The 95 % interval over things, 0 … 1. */
  lower: number;
  upper: number;
}

const DRAWS = 2000;

/**
 * The area under the ROC curve within groups, and its interval by drawing things anew: each thing with all the items that
 * show it, targets and others alike, as often as it is drawn.
 *
 * @throws UserError when no group holds both a target and another item
 */
export function areaUnderCurve(items: readonly ScoredItem[], stream: RandomStream): AreaUnderCurve {
  const things = [...new Set(items.map(({ thing }) => thing))];
  const numberOf = new Map(things.map((thing, index) => [thing, index]));
  const groups = [...new Set(items.map(({ group }) => group))].map((group) =>
    items
      .filter((item) => item.group === group)
      .sort((one, other) => one.score - other.score)
      .map((item) => ({ ...item, number: numberOf.get(item.thing)! })),
  );
  const area = areaWithin(groups, new Int32Array(things.length).fill(1));
  if (Number.isNaN(area)) throw new UserError("No group holds both a target and another item to compare.");
  const areas: number[] = [];
  while (areas.length < DRAWS) {
    const times = new Int32Array(things.length);
    for (let draw = 0; draw < things.length; draw++) times[stream.integer(things.length)]!++;
    const drawn = areaWithin(groups, times);
    // Of few things a draw may hold no two to compare.
    if (!Number.isNaN(drawn)) areas.push(drawn);
  }
  areas.sort((one, other) => one - other);
  return {
    area,
    lower: areas[Math.round(0.025 * (DRAWS - 1))]!,
    upper: areas[Math.round(0.975 * (DRAWS - 1))]!,
  };
}

/** NaN where no target and other item are in one group. @param groups items by rising score @param times how often each thing counts */
function areaWithin(
  groups: readonly (readonly (ScoredItem & { number: number })[])[],
  times: Int32Array,
): number {
  let above = 0;
  let all = 0;
  for (const items of groups) {
    let [targets, others] = [0, 0];
    for (let start = 0; start < items.length; ) {
      let [targetsHere, othersHere] = [0, 0];
      let end = start;
      for (; end < items.length && items[end]!.score === items[start]!.score; end++) {
        const { isTarget, number } = items[end]!;
        if (isTarget) targetsHere += times[number]!;
        else othersHere += times[number]!;
      }
      above += targetsHere * (others + othersHere / 2);
      targets += targetsHere;
      others += othersHere;
      start = end;
    }
    all += targets * others;
  }
  return above / all;
}

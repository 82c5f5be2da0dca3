import type { RandomStream } from "../../runtime/random";
import type { AnswerTable, Thing } from "../../statistics/answer-table";
import { normalDistribution } from "../../statistics/normal";

/** Standard deviations on the scale of the threshold model, for what all lines share and for what is each line's own. */
export interface Component {
  shared: number;
  own: number;
}

/** A world in which the truth is known, so that intervals can be held against it. */
export interface World {
  things: number;
  classes: number;
  /** Share of the things that have a near-duplicate beside them. */
  duplicated: number;
  folds: number;
  repeats: number;
  /** Scenes of each thing in each repeat. */
  scenes: number;
  backgrounds: number;
  distractors: number;
  distractorsInScene: number;
  /** For each line the accuracy that it has over all things, folds, repeats, backgrounds and distractors. */
  accuracies: readonly number[];
  components: {
    class: Component;
    group: Component;
    thing: Component;
    fold: Component;
    repeat: Component;
    thingInRepeat: Component;
    background: Component;
    distractor: Component;
    scene: Component;
    /** What each thing changes for all others when a model is trained on it. */
    lesson: Component;
  };
}

/** The parts of a world that stay when its things, backgrounds and so on are drawn anew. */
export interface Laws {
  world: World;
  things: readonly Thing[];
  /** For each line and class what decides between right and wrong when everything else is average. */
  levels: readonly Float64Array[];
  /** The accuracy of each line, exactly. */
  truth: readonly number[];
}

/** Draws what is fixed in a world: which classes are hard for which line, and which things resemble each other. */
export function lawsOf(world: World, stream: RandomStream): Laws {
  const { classes, components } = world;
  const { class: classComponent, ...random } = components;
  const shared = Array.from({ length: classes }, () => classComponent.shared * stream.normal());
  // How many draws of a component come together in one answer.
  const occurrences: Record<string, number> = {
    distractor: world.distractorsInScene,
    lesson: world.things * (1 - 1 / world.folds),
  };
  const variance = Object.entries(random).reduce(
    (sum, [name, { shared: common, own }]) => sum + (common ** 2 + own ** 2) * (occurrences[name] ?? 1),
    0,
  );
  const things: Thing[] = Array.from({ length: world.things }, (_, i) => {
    const ofClass = i % classes;
    const place = Math.floor(i / classes);
    // Pairs of near-duplicates stand at the beginning of each class.
    const pairs = Math.floor((world.duplicated * world.things) / classes / 2);
    return { name: `${i}`, className: `${ofClass}`, group: `${place < 2 * pairs ? place >> 1 : place}` };
  });
  const sizes = Float64Array.from({ length: classes }, (_, c) =>
    things.reduce((count, { className }) => count + Number(className === `${c}`), 0),
  );
  const levels = world.accuracies.map((accuracy) => {
    const offsets = Float64Array.from(shared, (value) => value + classComponent.own * stream.normal());
    const meanAt = (level: number) =>
      offsets.reduce(
        (sum, offset, c) =>
          sum + (sizes[c]! / world.things) * normalDistribution((level + offset) / Math.sqrt(variance)),
        0,
      );
    let [low, high] = [-30, 30];
    for (let halving = 0; halving < 100; halving++) {
      const middle = (low + high) / 2;
      if (meanAt(middle) < accuracy) low = middle;
      else high = middle;
    }
    return offsets.map((offset) => offset + low);
  });
  return { world, things, levels, truth: world.accuracies };
}

/** The answers of one experiment in such a world: new things, folds, backgrounds, distractors, weights and scenes. */
export function experimentIn(laws: Laws, stream: RandomStream): AnswerTable {
  const { world, things, levels } = laws;
  const { repeats, components } = world;
  const lines = levels.length;
  const drawn = (count: number, { shared, own }: Component) => effects(count, lines, shared, own, stream);
  const groups = groupNumbers(things);
  const ofGroup = drawn(things.length, components.group);
  const ofThing = drawn(things.length, components.thing);
  const ofRepeat = drawn(repeats, components.repeat);
  const ofFold = drawn(repeats * world.folds, components.fold);
  const ofThingInRepeat = drawn(things.length * repeats, components.thingInRepeat);
  const ofBackground = drawn(world.backgrounds, components.background);
  const ofDistractor = drawn(world.distractors, components.distractor);
  const ofLesson = drawn(things.length, components.lesson);
  const folds = new Int32Array(things.length * repeats);
  const cells: number[] = [];
  const values: number[][] = levels.map(() => []);
  const drawnThings = { background: kind(), distractor: kind() };
  const score = new Float64Array(lines);
  const classOf = things.map(({ className }) => Number(className));
  for (let r = 0; r < repeats; r++) {
    const foldOfGroup = dealt(groups.count, world.folds, stream);
    const backgroundsOf = pools(world.backgrounds, world.folds, stream);
    const distractorsOf = pools(world.distractors, world.folds, stream);
    const lessons = lessonsOf(foldOfGroup, groups.of, ofLesson, world.folds, lines);
    for (let i = 0; i < things.length; i++) {
      const fold = foldOfGroup[groups.of[i]!]!;
      folds[i * repeats + r] = fold;
      for (let scene = 0; scene < world.scenes; scene++) {
        const shared = components.scene.shared * stream.normal();
        for (let l = 0; l < lines; l++)
          score[l] = levels[l]![classOf[i]!]! + shared + components.scene.own * stream.normal();
        add(score, ofGroup, groups.of[i]!);
        add(score, ofThing, i);
        add(score, ofRepeat, r);
        add(score, ofFold, r * world.folds + fold);
        add(score, lessons, fold);
        add(score, ofThingInRepeat, i * repeats + r);
        const background = stream.pick(backgroundsOf[fold]!);
        add(score, ofBackground, background);
        drawnThings.background.add(cells.length, background);
        for (let d = 0; d < world.distractorsInScene; d++) {
          const distractor = stream.pick(distractorsOf[fold]!);
          add(score, ofDistractor, distractor);
          drawnThings.distractor.add(cells.length, distractor);
        }
        for (let l = 0; l < lines; l++) values[l]!.push(Number(score[l]! > 0));
        cells.push(i * repeats + r);
      }
    }
  }
  return {
    things,
    repeats,
    folds,
    cells: Int32Array.from(cells),
    lines: new Map(values.map((value, l) => [`${l}`, Float64Array.from(value)])),
    drawn: new Map(Object.entries(drawnThings).map(([name, { done }]) => [name, done()])),
  };
}

/** Notes which scene holds which background or distractor. */
function kind() {
  const [scenes, numbers]: [number[], number[]] = [[], []];
  return {
    add: (scene: number, number: number) => {
      scenes.push(scene);
      numbers.push(number);
    },
    done: () => ({ scenes: Int32Array.from(scenes), numbers: Int32Array.from(numbers) }),
  };
}

/** `count × lines` effects, each the sum of what all lines share and what is each line's own. */
function effects(
  count: number,
  lines: number,
  shared: number,
  own: number,
  stream: RandomStream,
): Float64Array {
  const result = new Float64Array(count * lines);
  if (shared === 0 && own === 0) return result;
  for (let i = 0; i < count; i++) {
    const common = shared * stream.normal();
    for (let l = 0; l < lines; l++) result[i * lines + l] = common + own * stream.normal();
  }
  return result;
}

/** For each fold and line what all things outside the fold teach together. */
function lessonsOf(
  foldOfGroup: Int32Array,
  groupOf: Int32Array,
  ofLesson: Float64Array,
  folds: number,
  lines: number,
): Float64Array {
  const result = new Float64Array(folds * lines);
  for (const [thing, group] of groupOf.entries()) {
    for (let fold = 0; fold < folds; fold++) {
      if (fold === foldOfGroup[group]) continue;
      for (let l = 0; l < lines; l++) result[fold * lines + l]! += ofLesson[thing * lines + l]!;
    }
  }
  return result;
}

function add(score: Float64Array, values: Float64Array, place: number): void {
  for (let l = 0; l < score.length; l++) score[l]! += values[place * score.length + l]!;
}

function groupNumbers(things: readonly Thing[]): { of: Int32Array; count: number } {
  const numbers = new Map<string, number>();
  const of = Int32Array.from(things, ({ className, group }) => {
    const key = `${className}/${group}`;
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key)!;
  });
  return { of, count: numbers.size };
}

function dealt(count: number, hands: number, stream: RandomStream): Int32Array {
  const order = stream.shuffled(Array.from({ length: count }, (_, i) => i));
  const result = new Int32Array(count);
  for (const [place, item] of order.entries()) result[item] = place % hands;
  return result;
}

function pools(count: number, hands: number, stream: RandomStream): number[][] {
  const result: number[][] = Array.from({ length: hands }, () => []);
  for (const [item, hand] of dealt(count, hands, stream).entries()) result[hand]!.push(item);
  return result;
}

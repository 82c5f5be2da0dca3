import { requireBetween, requireWhole, shown } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** One of the things that a claim generalises over: an object on photographs, a speaker, a person. */
export interface Thing {
  name: string;
  /** Things of one class and group resemble each other closely (near-duplicates): they are dealt and judged together. */
  group: string;
  className: string;
}

/** How a line of a table answered for one thing when that thing was tested in one repeat of a cross-validation. */
export interface Answer {
  /** The line of the table: a pooling, a regime, a control. */
  line: string;
  /** Name of the thing. */
  thing: string;
  /** Number of the repeat, from 0. */
  repeat: number;
  /** Number of the fold in which the thing was tested, from 0. */
  fold: number;
  /** Number of the scene that shows the thing, from 0; 0 where the answer sums up all scenes. */
  scene?: number;
  /** 1 for right and 0 for wrong, or the share of the thing's scenes that were right. */
  correct: number;
  /**
   * What else was drawn for the scene from a population, by kind, such as `{ background: ["rock"], distractor: ["harp",
   * "coin"] }`. Each kind is then counted in the intervals: a claim is meant to hold for other backgrounds too.
   */
  drawn?: Readonly<Record<string, readonly string[]>>;
}

/** Answers in order, as they are judged. */
export interface AnswerTable {
  things: readonly Thing[];
  repeats: number;
  /** The fold of each thing in each repeat: `things × repeats`, repeats varying fastest. */
  folds: Int32Array;
  /** For each scene its place in `things × repeats`. */
  cells: Int32Array;
  /** For each line what it answered in each scene, 0 … 1. */
  lines: ReadonlyMap<string, Float64Array>;
  /** For each kind of what else was drawn: pairs of a scene and the number of what it holds. */
  drawn: ReadonlyMap<string, DrawnKind>;
}

/** What scenes hold of one kind, such as backgrounds: scene `scenes[i]` holds number `numbers[i]`. */
export interface DrawnKind {
  scenes: Int32Array;
  numbers: Int32Array;
}

interface Scene {
  cell: number;
  first: Answer;
}

/**
 * Puts answers in order and checks that they are those of a repeated cross-validation: in each repeat each thing is tested in
 * one fold, together with its near-duplicates, and all lines answer for the same scenes.
 * @throws UserError that names the first answer that is missing, given twice, out of range, or at odds with another
 */
export function answerTable(things: readonly Thing[], answers: Iterable<Answer>): AnswerTable {
  const places = placesOf(things);
  const given = [...answers];
  if (given.length === 0) throw new UserError("There are no answers to judge.");
  const repeats = 1 + given.reduce((most, { repeat }) => Math.max(most, checkedRepeat(repeat)), 0);
  const folds = new Int32Array(things.length * repeats).fill(-1);
  const scenes = new Map<string, number>();
  const firsts: Scene[] = [];
  const found = new Map<string, Map<number, number>>();
  for (const answer of given) {
    const { line, thing, repeat, fold, scene = 0, correct } = answer;
    const where = placeOf(answer);
    const place = places.get(thing);
    if (place === undefined)
      throw new UserError(`There is an answer for ${shown(thing)}, which is none of the things.`);
    requireBetween(`The answer ${where}`, correct, 0, 1);
    requireWhole(`The fold ${where}`, fold, 0, 0x7fffffff);
    requireWhole(`The scene ${where}`, scene, 0);
    const cell = place * repeats + repeat;
    if (folds[cell] !== -1 && folds[cell] !== fold) {
      throw new UserError(
        `The answer ${where} is from fold ${fold}, another from fold ${folds[cell]}. In a repeat a thing is tested once, on one fold for all lines.`,
      );
    }
    folds[cell] = fold;
    const key = `${cell} ${scene}`;
    const number = scenes.get(key) ?? scenes.size;
    scenes.set(key, number);
    if (number === firsts.length) firsts.push({ cell, first: answer });
    const ofLine = found.get(line) ?? new Map<number, number>();
    found.set(line, ofLine);
    if (ofLine.has(number)) {
      throw new UserError(
        `The answer ${where} is given twice; number its scenes, or give the share that is right.`,
      );
    }
    requireSameDrawn(firsts[number]!.first, answer);
    ofLine.set(number, correct);
  }
  requireEveryThing(things, repeats, folds);
  requireGroupsTogether(things, repeats, folds);
  const lines = new Map([...found].map(([line, values]) => [line, valuesOf(line, values, firsts)]));
  const cells = Int32Array.from(firsts, ({ cell }) => cell);
  return { things, repeats, folds, cells, lines, drawn: drawnKinds(firsts) };
}

/** Things of one class and group belong together. */
export const groupKey = ({ className, group }: Pick<Thing, "className" | "group">): string =>
  JSON.stringify([className, group]);

/**
 * The place of each thing by its name.
 * @throws UserError for a name that two things have
 */
export function placesOf(things: readonly Thing[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [place, { name }] of things.entries()) {
    if (places.has(name)) throw new UserError(`Two things are named ${shown(name)}.`);
    places.set(name, place);
  }
  return places;
}

function checkedRepeat(repeat: number): number {
  return requireWhole("The number of a repeat", repeat, 0, 1_000_000);
}

function placeOf({ line, thing, repeat, scene = 0 }: Answer): string {
  return `of ${shown(line)} for ${shown(thing)} in repeat ${repeat}, scene ${scene},`;
}

function valuesOf(line: string, values: Map<number, number>, firsts: readonly Scene[]): Float64Array {
  return Float64Array.from(firsts, ({ first }, number) => {
    const value = values.get(number);
    if (value !== undefined) return value;
    throw new UserError(
      `The answer ${placeOf({ ...first, line })} is missing, which ${shown(first.line)} has. Lines that are compared answer for the same scenes.`,
    );
  });
}

function drawnKinds(firsts: readonly Scene[]): Map<string, DrawnKind> {
  const names = new Set(firsts.flatMap(({ first }) => Object.keys(first.drawn ?? {})));
  return new Map(
    [...names].map((name) => {
      const numbers = new Map<string, number>();
      const pairs = firsts.flatMap(({ first }, scene) =>
        (first.drawn?.[name] ?? []).map((what) => {
          const number = numbers.get(what) ?? numbers.size;
          numbers.set(what, number);
          return { scene, number };
        }),
      );
      const kind = {
        scenes: Int32Array.from(pairs, ({ scene }) => scene),
        numbers: Int32Array.from(pairs, ({ number }) => number),
      };
      return [name, kind] as const;
    }),
  );
}

function requireSameDrawn(first: Answer, other: Answer): void {
  if (first.drawn === other.drawn) return;
  if (JSON.stringify(first.drawn ?? {}) === JSON.stringify(other.drawn ?? {})) return;
  throw new UserError(
    `The answer ${placeOf(other)} names other things drawn for the scene than that of ${shown(first.line)} does.`,
  );
}

function requireEveryThing(things: readonly Thing[], repeats: number, folds: Int32Array): void {
  const cell = folds.indexOf(-1);
  if (cell < 0) return;
  const { name } = things[Math.floor(cell / repeats)]!;
  throw new UserError(
    `There is no answer for ${shown(name)} in repeat ${cell % repeats}: every thing is tested in each repeat.`,
  );
}

function requireGroupsTogether(things: readonly Thing[], repeats: number, folds: Int32Array): void {
  const first = new Map<string, number>();
  for (const [place, thing] of things.entries()) {
    const other = first.get(groupKey(thing)) ?? place;
    first.set(groupKey(thing), other);
    for (let repeat = 0; repeat < repeats; repeat++) {
      if (folds[place * repeats + repeat] === folds[other * repeats + repeat]) continue;
      throw new UserError(
        `${shown(thing.name)} and ${shown(things[other]!.name)} are near-duplicates (group ${shown(thing.group)} of ${shown(thing.className)}) ` +
          `and stand in different folds of repeat ${repeat}: one was trained on when the other was tested. Deal groups whole.`,
      );
    }
  }
}

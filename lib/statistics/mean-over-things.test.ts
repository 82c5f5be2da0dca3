import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { randomStream } from "../runtime/random";
import { type Answer, answerTable, type Thing } from "./answer-table";
import { designOf } from "./design";
import { meanOverThings } from "./mean-over-things";

const near = (actual: number, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - 1);

const thingsOf = (groups: readonly string[]): Thing[] =>
  groups.map((group, i) => ({ name: `${i}`, group, className: "all" }));

/** Values of things (rows) in repeats (columns). */
function judged(rows: readonly (readonly number[])[], things = thingsOf(rows.map((_, i) => `${i}`))) {
  const answers: Answer[] = rows.flatMap((row, i) =>
    row.map((correct, repeat) => ({ line: "line", thing: `${i}`, repeat, fold: 0, correct })),
  );
  const table = answerTable(things, answers);
  return meanOverThings(table.lines.get("line")!, designOf(table));
}

const tables = fc
  .record({
    things: fc.integer({ min: 3, max: 12 }),
    repeats: fc.integer({ min: 2, max: 6 }),
    seed: fc.nat(),
  })
  .map(({ things, repeats, seed }) => {
    const stream = randomStream(seed, "table");
    return Array.from({ length: things }, () => Array.from({ length: repeats }, () => stream.uniform()));
  });

test("without near-duplicates it is the textbook's two-way random model", () => {
  fc.assert(
    fc.property(tables, (rows) => {
      const [things, repeats] = [rows.length, rows[0]!.length];
      const ofThings = rows.map(mean);
      const ofRepeats = rows[0]!.map((_, r) => mean(rows.map((row) => row[r]!)));
      const whole = mean(ofThings);
      const left = rows.flatMap((row, i) =>
        row.map((value, r) => value - ofThings[i]! - ofRepeats[r]! + whole),
      );
      const interaction = left.reduce((sum, value) => sum + value ** 2, 0) / (things - 1) / (repeats - 1);
      const result = judged(rows);
      near(result.mean, whole);
      near(result.fromThings, variance(ofThings) / things);
      near(result.fromRepeats, Math.max(0, variance(ofRepeats) / repeats - interaction / things / repeats));
      near(result.standardError ** 2, result.fromThings + result.fromRepeats);
    }),
  );
});

test("two copies of every thing count as one thing", () => {
  fc.assert(
    fc.property(tables, (rows) => {
      const once = judged(rows);
      const twice = judged(
        [...rows, ...rows],
        thingsOf([...rows, ...rows].map((_, i) => `${i % rows.length}`)),
      );
      near(twice.standardError, once.standardError);
      near(twice.freedom, once.freedom, 1e-9);
    }),
  );
});

test("classes are fixed: what differs between them alone leaves no variance between things", () => {
  const things = ["a", "a", "a", "b", "b", "b"].map((className, i) => ({
    name: `${i}`,
    group: `${i}`,
    className,
  }));
  const result = judged(
    [
      [1, 1],
      [1, 1],
      [1, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ],
    things,
  );
  near(result.mean, 0.5);
  near(result.standardError, 0);
});

test("the degrees of freedom are those of things where repeats agree, and fall towards those of repeats where they don't", () => {
  const stream = randomStream(1, "freedom");
  const rows = Array.from({ length: 40 }, () => {
    const ofThing = stream.uniform();
    return [ofThing, ofThing, ofThing];
  });
  near(judged(rows).freedom, 39, 1e-9);
  const apart = rows.map((row) => row.map((value, r) => value / 100 + r / 3));
  near(judged(apart).freedom, 2, 0.01);
});

/** Scenes of a thing in a repeat, each before one of the backgrounds, which all repeats and things use alike. */
function beforeBackgrounds(stream: ReturnType<typeof randomStream>, spread: number) {
  const things = thingsOf(Array.from({ length: 60 }, (_, i) => `${i}`));
  const ofBackground = Array.from({ length: 12 }, () => 0.5 + spread * (stream.uniform() - 0.5));
  const answers: Answer[] = things.flatMap(({ name }) =>
    [0, 1, 2, 3].flatMap((repeat) =>
      [0, 1].map((scene) => {
        const background = stream.integer(ofBackground.length);
        const correct = Number(stream.uniform() < ofBackground[background]!);
        return {
          line: "line",
          thing: name,
          repeat,
          fold: 0,
          scene,
          correct,
          drawn: { background: [`${background}`] },
        };
      }),
    ),
  );
  const table = answerTable(things, answers);
  return meanOverThings(table.lines.get("line")!, designOf(table));
}

test("the variance between backgrounds is counted as large as it is", () => {
  const stream = randomStream(1, "backgrounds");
  const results = Array.from({ length: 200 }, () => beforeBackgrounds(stream, 0.8));
  // Uniform numbers of width 0.8 have the variance 0.64 / 12.
  near(mean(results.map(({ fromDrawn }) => fromDrawn)), 0.64 / 12 / 12, 0.0006);
  const errors = results.map((result) => result.mean - 0.5);
  near(
    mean(results.map(({ standardError }) => standardError ** 2)) / mean(errors.map((error) => error ** 2)),
    1,
    0.25,
  );
  const none = Array.from({ length: 200 }, () => beforeBackgrounds(stream, 0));
  // It can't be less than nothing, so that its mean is a little above it.
  assert.ok(mean(none.map(({ fromDrawn }) => fromDrawn)) < 0.0002);
});

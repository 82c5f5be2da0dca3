import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "./random";

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);

test("the same seed and name give the same draws, another name or seed gives others", () => {
  const take = (seed: number, name: string) => {
    const stream = randomStream(seed, name);
    return draws(20, () => stream.uniform());
  };
  assert.deepEqual(take(1, "split"), take(1, "split"));
  assert.notDeepEqual(take(1, "split"), take(2, "split"));
  assert.notDeepEqual(take(1, "split"), take(1, "order"));
});

test("a stream keeps its digits from release to release", () => {
  const stream = randomStream(0, "pinned");
  assert.deepEqual(
    draws(5, () => stream.integer(1000)),
    [524, 590, 687, 477, 903],
  );
});

test("a child stream does not depend on what its parent drew", () => {
  const untouched = randomStream(5, "run");
  const used = randomStream(5, "run");
  used.normal();
  assert.equal(untouched.child("weights").uniform(), used.child("weights").uniform());
});

test("uniform and normal draws have the moments of their distributions", () => {
  const stream = randomStream(7, "moments");
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const uniform = draws(20_000, () => stream.uniform());
  assert.ok(Math.min(...uniform) >= 0 && Math.max(...uniform) < 1);
  assert.ok(Math.abs(mean(uniform) - 0.5) < 0.01);
  const normal = draws(20_000, () => stream.normal());
  assert.ok(Math.abs(mean(normal)) < 0.03);
  assert.ok(Math.abs(mean(normal.map((value) => value * value)) - 1) < 0.05);
});

test("a shuffle keeps every element and puts each in every place about equally often", () => {
  const stream = randomStream(11, "shuffle");
  const firstPlaces = new Map<string, number>();
  for (let round = 0; round < 4000; round++) {
    const shuffled = stream.shuffled(["a", "b", "c", "d"]);
    assert.deepEqual([...shuffled].sort(), ["a", "b", "c", "d"]);
    firstPlaces.set(shuffled[0]!, (firstPlaces.get(shuffled[0]!) ?? 0) + 1);
  }
  for (const count of firstPlaces.values()) assert.ok(Math.abs(count - 1000) < 150, `${count} of 4000`);
});

test("a seed, a limit or a list that can't be drawn from is refused in a sentence", () => {
  for (const seed of [Number.NaN, Infinity, 0.5, "1" as unknown as number])
    assert.throws(
      () => randomStream(seed, "split"),
      /UserError: The seed of "split" must be a whole number, not/,
    );
  const stream = randomStream(-1, "test");
  for (const limit of [0, -3, 2.5, Number.NaN])
    assert.throws(() => stream.integer(limit), /UserError: The limit .* at least 1, not/);
  assert.throws(() => stream.pick([]), /UserError: There is nothing to pick from/);
});

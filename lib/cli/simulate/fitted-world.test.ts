import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../../runtime/random";
import { fittedWorld } from "./fitted-world";
import { experimentIn, lawsOf, type World } from "./world";
import { promised } from "./worlds";

test("the components of a large simulated table are found again from its answers", () => {
  const world: World = { ...promised.get("backgrounds differ")!, things: 600, repeats: 6 };
  const table = experimentIn(lawsOf(world, randomStream(1, "laws")), randomStream(2, "experiment"));
  const fitted = fittedWorld(table, ["0", "1", "2"]);
  const { things, repeats, scenes, folds, backgrounds, distractors, distractorsInScene } = world;
  const found = { things, repeats, scenes, folds, backgrounds, distractors, distractorsInScene };
  assert.deepEqual({ ...fitted, ...found }, fitted);
  const { class: _, ...random } = world.components;
  const variance = Object.entries(random).reduce(
    (sum, [name, { shared, own }]) =>
      sum + (shared ** 2 + own ** 2) * (name === "distractor" ? distractorsInScene : 1),
    0,
  );
  const near = (what: string, actual: number, expected: number, tolerance: number) =>
    assert.ok(Math.abs(actual - expected) < tolerance, `${what}: ${actual}, not ${expected}`);
  // As standard deviations, where all of the latent scale is 1.
  const sizes = ({ components }: World, scale: number) => {
    const of = (name: keyof World["components"], part: "shared" | "own") => components[name][part] / scale;
    return {
      things: Math.hypot(of("thing", "shared"), of("group", "shared")),
      "things, one line": Math.hypot(of("thing", "own"), of("group", "own")),
      "things in a repeat": of("thingInRepeat", "own"),
      backgrounds: of("background", "shared"),
      distractors: of("distractor", "shared"),
      scenes: of("scene", "shared"),
    };
  };
  const expected = sizes(world, Math.sqrt(variance));
  for (const [what, size] of Object.entries(sizes(fitted, 1)))
    near(what, size, expected[what as keyof typeof expected], 0.09);
});

test("where answers share nothing, no component is found", () => {
  const none = { shared: 0, own: 0 };
  const { components, ...rest } = promised.get("as scouted")!;
  const names = Object.keys(components) as (keyof World["components"])[];
  const empty = Object.fromEntries(names.map((name) => [name, none])) as unknown as World["components"];
  const world = { ...rest, components: { ...empty, scene: { shared: 0, own: 1 } } };
  const table = experimentIn(lawsOf(world, randomStream(1, "laws")), randomStream(2, "experiment"));
  const { class: _, scene, lesson: __, ...found } = fittedWorld(table, ["0", "1", "2"]).components;
  for (const [name, { shared, own }] of Object.entries(found))
    assert.ok(Math.hypot(shared, own) < 0.2, `${name}: ${shared}, ${own}`);
  assert.ok(scene.own > 0.9, `${scene.own}`);
});

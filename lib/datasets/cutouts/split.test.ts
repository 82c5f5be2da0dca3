import assert from "node:assert/strict";
import { before, test } from "node:test";
import fc from "fast-check";
import { loadCutouts } from "../../node/load-cutouts";
import { UserError } from "../../runtime/user-error";
import type { CutoutCollection } from "./collection";
import { type CutoutPart, splitCutouts } from "./split";

let collection: CutoutCollection;

before(async () => {
  collection = await loadCutouts();
});

const seeds = Array.from({ length: 50 }, (_, seed) => seed);
const partsOf = (seed: number): CutoutPart[] => {
  const { train, validation, test: testing } = splitCutouts(collection, seed);
  return [train, validation, testing];
};

test("every object and background is in exactly one part, and no group is in two", () => {
  for (const seed of seeds) {
    const parts = partsOf(seed);
    for (const kind of ["objects", "backgrounds"] as const) {
      const files = parts.flatMap((part) => part[kind].map((entry) => entry.file));
      assert.equal(new Set(files).size, files.length, `seed ${seed}: a file in two parts`);
      assert.equal(files.length, collection[kind].length, `seed ${seed}: a file in no part`);
      const homes = new Map<string, string>();
      for (const part of parts) {
        for (const entry of part[kind]) {
          const group = "className" in entry ? `${entry.className}/${entry.group}` : entry.group;
          assert.equal(homes.get(group) ?? part.name, part.name, `seed ${seed}: ${group} is parted`);
          homes.set(group, part.name);
        }
      }
    }
  }
});

test("every class is about 60, 20 and 20 per cent in the parts, and the coins as near as four groups allow", () => {
  for (const seed of seeds) {
    const parts = partsOf(seed);
    for (const className of collection.classes) {
      const counts = parts.map(
        (part) => part.objects.filter((object) => object.className === className).length,
      );
      const total = counts.reduce((sum, count) => sum + count, 0);
      const slack = className === "coin" ? 0.15 : 0.09;
      for (const [index, share] of [0.6, 0.2, 0.2].entries()) {
        assert.ok(Math.abs(counts[index]! / total - share) < slack, `seed ${seed}: ${className} ${counts}`);
      }
    }
    const backgrounds = parts.map((part) => part.backgrounds.length / collection.backgrounds.length);
    assert.ok(Math.abs(backgrounds[0]! - 0.6) < 0.08, `seed ${seed}: backgrounds ${backgrounds}`);
  }
});

test("an equal seed gives an equal split and digest, other seeds give others", () => {
  assert.deepEqual(splitCutouts(collection, 3), splitCutouts(collection, 3));
  assert.equal(new Set(seeds.map((seed) => splitCutouts(collection, seed).digest)).size, seeds.length);
});

test("over the seeds every object comes to be tested on", () => {
  const tested = new Set(seeds.flatMap((seed) => partsOf(seed)[2]!.objects.map((object) => object.file)));
  assert.equal(tested.size, collection.objects.length);
});

test("a class with fewer than three groups is refused by name", () => {
  const objects = collection.objects.filter(
    ({ className, group }) => className !== "coin" || group === "euro",
  );
  assert.throws(
    () => splitCutouts({ ...collection, objects }, 0),
    (error: unknown) => error instanceof UserError && /class coin.*there are 1/.test(error.message),
  );
});

test("with three groups or more, of any sizes, no part is empty and none of the groups is parted", () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(sizes, sizes, fc.nat(), (objectSizes, backgroundSizes, seed) => {
      const objects = filesOf(objectSizes).map((entry) => ({ ...entry, className: "a", label: 0 }));
      const backgrounds = filesOf(backgroundSizes);
      const made = { ...collection, classes: ["a"], objects, backgrounds } as unknown as CutoutCollection;
      const split = splitCutouts(made, seed);
      const parts = [split.train, split.validation, split.test];
      for (const kind of ["objects", "backgrounds"] as const) {
        const groups = parts.map((part) => new Set(part[kind].map(({ group }) => group)));
        const total = (kind === "objects" ? objectSizes : backgroundSizes).length;
        assert.ok(groups.every(({ size }) => size > 0));
        assert.equal(
          groups.reduce((sum, { size }) => sum + size, 0),
          total,
        );
      }
    }),
  );
});

test("one large group and two single photographs: the large one is trained on", () => {
  const objects = filesOf([10, 1, 1]).map((entry) => ({ ...entry, className: "a", label: 0 }));
  for (const seed of seeds) {
    const split = splitCutouts(
      { ...collection, classes: ["a"], objects } as unknown as CutoutCollection,
      seed,
    );
    assert.deepEqual(
      [split.train, split.validation, split.test].map((part) => part.objects.length),
      [10, 1, 1],
    );
  }
});

/** Files in groups of the given sizes. */
function filesOf(sizes: readonly number[]) {
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_, i) => ({ file: `${group}-${i}`, group: String(group) })),
  );
}

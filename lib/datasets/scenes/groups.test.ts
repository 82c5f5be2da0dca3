import assert from "node:assert/strict";
import { before, test } from "node:test";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { UserError } from "../../runtime/user-error";
import type { SceneCollection } from "./collection";
import { dealGroups, dealingDigest, otherBackgrounds } from "./groups";
import { canvasSide } from "./layout";

let collection: SceneCollection;

before(async () => {
  collection = await loadSceneCollection();
});

const repeats = [0, 1, 2, 3, 4, 100];
const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

test("everything is in exactly one of five groups, near-duplicates in the same, and small backgrounds in none", () => {
  const large = collection.backgrounds.filter(({ width, height }) => Math.min(width, height) >= canvasSide);
  assert.ok(large.length < collection.backgrounds.length);
  for (const repeat of repeats) {
    const groups = dealGroups(collection, { repeat });
    assert.deepEqual(
      groups.map(({ number }) => number),
      [0, 1, 2, 3, 4],
    );
    for (const [part, all] of [
      ["targets", collection.targets],
      ["distractors", collection.distractors],
      ["backgrounds", large],
    ] as const) {
      const files = groups.flatMap((group) => group[part].map(({ file }) => file));
      assert.deepEqual(files.sort(), all.map(({ file }) => file).sort());
      const homes = new Map<string, number>();
      for (const { number, [part]: items } of groups) {
        for (const item of items) {
          const group = "className" in item ? `${item.className}/${item.group}` : item.group;
          assert.equal(homes.get(group) ?? number, number, `${group} is parted`);
          homes.set(group, number);
        }
      }
    }
  }
});

test("groups have about as many of each class, and as many distractors and backgrounds", () => {
  const largest = (items: readonly { group: string }[]) => {
    const counts = new Map<string, number>();
    for (const { group } of items) counts.set(group, (counts.get(group) ?? 0) + 1);
    return Math.max(...counts.values());
  };
  for (const repeat of repeats) {
    const groups = dealGroups(collection, { repeat });
    for (const className of collection.classes) {
      const ofClass = collection.targets.filter((target) => target.className === className);
      const counts = groups.map(
        ({ targets }) => targets.filter((target) => target.className === className).length,
      );
      assert.ok(Math.min(...counts) > 0);
      assert.ok(spread(counts) <= largest(ofClass), `repeat ${repeat}, ${className}: ${counts}`);
    }
    for (const part of ["distractors", "backgrounds"] as const) {
      const counts = groups.map((group) => group[part].length);
      assert.ok(spread(counts) <= largest(collection[part]), `repeat ${repeat}, ${part}: ${counts}`);
    }
  }
});

test("equal repeats and seeds deal equally, which the digest says, and others otherwise", () => {
  const digest = (repeat: number, seed?: number) =>
    dealingDigest(collection, dealGroups(collection, { repeat, seed }));
  assert.equal(digest(3), digest(3, 0));
  assert.equal(new Set([digest(0), digest(1), digest(0, 1), digest(1, 1)]).size, 4);
  assert.notEqual(
    dealingDigest({ ...collection, digest: "another" }, dealGroups(collection, { repeat: 0 })),
    digest(0),
  );
});

test("a class of too few things and a repeat that is none are refused by name", () => {
  const targets = collection.targets.filter(
    ({ className }, index) => className !== "insect" || index % 4 === 0,
  );
  const refused = (pattern: RegExp) => (error: unknown) =>
    error instanceof UserError && pattern.test(error.message);
  assert.throws(
    () => dealGroups({ ...collection, targets }, { repeat: 0 }),
    refused(/class "insect".*too few/),
  );
  assert.throws(() => dealGroups(collection, { repeat: -1 }), refused(/The repeat .*-1/));
});

test("another background is no near-duplicate, and comes from the same group alone", () => {
  const [first, second] = dealGroups(collection, { repeat: 0 });
  const [shown, filled] = first!.backgrounds;
  const others = otherBackgrounds(first!, [shown!.file, filled!.file]);
  assert.ok(others.every(({ group }) => group !== shown!.group && group !== filled!.group));
  assert.throws(
    () => otherBackgrounds(second!, [shown!.file]),
    (error: unknown) => error instanceof UserError && error.message.includes(shown!.file),
  );
  assert.throws(
    () => otherBackgrounds({ ...first!, backgrounds: [shown!] }, [shown!.file]),
    (error: unknown) => error instanceof UserError && /Add backgrounds/.test(error.message),
  );
});

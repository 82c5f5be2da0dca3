import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Dealt, dealFolds } from "./folds";

/** Classes, each a list of how large its groups are. */
const collections = fc.array(fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 5, maxLength: 20 }), {
  minLength: 1,
  maxLength: 5,
});

const itemsOf = (classes: readonly (readonly number[])[]): Dealt[] =>
  classes.flatMap((groups, c) =>
    // Groups of two classes may have one name.
    groups.flatMap((size, g) =>
      Array.from({ length: size }, () => ({ className: `class ${c}`, group: `${g}` })),
    ),
  );

test("in each repeat every item is in exactly one fold, groups are whole and every fold has every class", () => {
  fc.assert(
    fc.property(collections, fc.integer({ min: 2, max: 5 }), fc.nat(), (classes, folds, seed) => {
      const items = itemsOf(classes);
      const dealt = dealFolds(items, { folds, repeats: 3, seed });
      assert.equal(dealt.length, 3);
      for (const foldOf of dealt) {
        assert.equal(foldOf.length, items.length);
        assert.ok(foldOf.every((fold) => Number.isInteger(fold) && fold >= 0 && fold < folds));
        const homes = new Map<string, number>();
        for (const [place, { className, group }] of items.entries()) {
          const key = `${className}/${group}`;
          assert.equal(homes.get(key) ?? foldOf[place], foldOf[place]);
          homes.set(key, foldOf[place]!);
        }
        for (const className of new Set(items.map((item) => item.className))) {
          const found = foldOf.filter((_, place) => items[place]!.className === className);
          assert.equal(new Set(found).size, folds);
        }
      }
    }),
  );
});

test("the folds of a class differ by no more than its largest group, and of single items by one", () => {
  fc.assert(
    fc.property(collections, fc.integer({ min: 2, max: 5 }), fc.nat(), (classes, folds, seed) => {
      const items = itemsOf(classes);
      const [foldOf] = dealFolds(items, { folds, seed });
      for (const [c, groups] of classes.entries()) {
        const sizes = Array.from(
          { length: folds },
          (_, fold) =>
            items.filter(({ className }, place) => className === `class ${c}` && foldOf![place] === fold)
              .length,
        );
        assert.ok(Math.max(...sizes) - Math.min(...sizes) <= Math.max(...groups), `${groups}: ${sizes}`);
      }
    }),
  );
});

test("folds as a whole are about equally large, though every class is dealt by itself", () => {
  const items = itemsOf(Array.from({ length: 8 }, () => Array.from({ length: 23 }, () => 1)));
  for (let seed = 0; seed < 20; seed++) {
    const [foldOf] = dealFolds(items, { folds: 5, seed });
    const sizes = [0, 1, 2, 3, 4].map((fold) => foldOf!.filter((other) => other === fold).length);
    assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
  }
});

test("an equal seed gives equal folds, another seed or repeat others, and more repeats leave the first ones as they were", () => {
  const items = itemsOf([Array.from({ length: 20 }, () => 1)]);
  const two = dealFolds(items, { folds: 4, repeats: 2, seed: 1 });
  assert.deepEqual(dealFolds(items, { folds: 4, repeats: 5, seed: 1 }).slice(0, 2), two);
  assert.notDeepEqual(two[0], two[1]);
  assert.notDeepEqual(dealFolds(items, { folds: 4, repeats: 2, seed: 2 }), two);
});

test("over many repeats two items meet in a fold as often as chance has it", () => {
  const items = itemsOf([Array.from({ length: 10 }, () => 1)]);
  const dealt = dealFolds(items, { folds: 5, repeats: 3000, seed: 1 });
  const together = dealt.filter((foldOf) => foldOf[0] === foldOf[7]).length / dealt.length;
  // One of the nine others shares a fold of two.
  assert.ok(Math.abs(together - 1 / 9) < 0.02, `${together}`);
});

test("too few groups, folds or items are refused in a sentence", () => {
  const items = itemsOf([[1, 1, 4]]);
  assert.throws(() => dealFolds(items, { folds: 4, seed: 1 }), /UserError: The class "class 0" has 3 groups/);
  assert.throws(() => dealFolds(items, { folds: 1, seed: 1 }), /UserError: The number of folds/);
  assert.throws(() => dealFolds([], { folds: 2, seed: 1 }), /UserError: There is nothing to deal/);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { CELLS, groupsOfFold, MIXTURE_SCENES, planRepeat, SILHOUETTES } from "./repeat-plan";
import { testedThings } from "./tested-things";

test("a repeat tests every target once in each cell, among what is listed, and folds share no group", async () => {
  const collection = await loadSceneCollection();
  const plan = planRepeat(collection, 3);
  assert.equal(planRepeat(collection, 3).digest, plan.digest);
  const tested = testedThings(plan);
  assert.deepEqual(
    tested.map(({ thing }) => thing).sort(),
    collection.targets.map(({ file }) => file).sort(),
  );
  for (const { number, targets } of plan.groups) {
    assert.equal(plan.scenes.mixture[number]!.length, MIXTURE_SCENES);
    assert.equal(plan.scenes.cells[number]!.length, CELLS.length * targets.length);
    assert.equal(plan.scenes.silhouettes[number]!.length, SILHOUETTES * targets.length);
    assert.ok(plan.scenes.silhouettes[number]!.every(({ target }) => target.clutter));
    const { test: tests, validation, training } = groupsOfFold(number);
    assert.deepEqual([tests, validation, ...training].sort(), [0, 1, 2, 3, 4]);
  }
  const counts = plan.scenes.cells.flat().map(({ distractors }) => distractors.length);
  assert.deepEqual([...new Set(counts)].sort(), [0, 1, 3, 6]);
});

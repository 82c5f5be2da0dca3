import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { loadSceneCollection } from "../../node/load-scene-collection";
import type { LineData } from "../scene-tables/fold-data";
import { planRepeat } from "../scene-tables/repeat-plan";
import { halfOf, targetsOf } from "./half-data";

let collection: SceneCollection;

before(async () => {
  collection = await loadSceneCollection();
});

test("two halves share no scene and together are the fold, each scene with its own numbers", async () => {
  const plan = planRepeat(collection, 0);
  // Each scene is a single token that says which scene it is.
  const whole: LineData = {
    plan,
    fold: 2,
    classes: collection.classes,
    tokens: async (part) => {
      const count = targetsOf({ plan, fold: 2 }, part).length;
      const data = Float32Array.from({ length: count }, (_, scene) => scene);
      const labels = Int32Array.from(data, (scene) => scene % 8);
      return { tokens: { data, count, rows: 1, columns: 1, channels: 1 }, labels, givenWeights: data };
    },
    histograms: (part) => whole.tokens(part, "stage5"),
    masks: async (part) => {
      const { tokens } = await whole.tokens(part, "stage5");
      return { targets: tokens.data, distractors: tokens.data };
    },
  };
  const first = new Set(collection.targets.filter((_, i) => i % 2 === 0).map(({ file }) => file));
  for (const part of ["training", "validation", "cells", "silhouettes"] as const) {
    const targets = targetsOf(whole, part);
    const scenesOf = async (isInHalf: (target: string) => boolean) => {
      const half = halfOf(whole, isInHalf);
      const { tokens, labels, givenWeights } = await half.tokens(part, "stage5", true);
      const masks = await half.masks(part, { rows: 1, columns: 1 });
      assert.deepEqual([...tokens.data], [...givenWeights!]);
      assert.deepEqual([...tokens.data], [...masks.targets]);
      assert.deepEqual(
        [...labels],
        Array.from(tokens.data, (scene) => scene % 8),
      );
      assert.equal(tokens.count, labels.length);
      for (const scene of tokens.data) assert.ok(isInHalf(targets[scene]!));
      return [...tokens.data];
    };
    const both = [
      ...(await scenesOf((target) => first.has(target))),
      ...(await scenesOf((target) => !first.has(target))),
    ];
    assert.deepEqual(
      both.sort((a, b) => a - b),
      targets.map((_, scene) => scene),
    );
  }
});

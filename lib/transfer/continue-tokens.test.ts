import assert from "node:assert/strict";
import { before, test } from "node:test";
import type { Backbone } from "../backbones/backbone";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { continueTokens } from "./continue-tokens";
import { extractTokens } from "./extract";
import { fewScenes, sourceOf } from "./few-scenes.fixture";

let backbone: Backbone;
before(async () => {
  backbone = await loadEfficientNetLite0();
});

test("tokens taken on from a middle layer are those of a run from the pixels", async () => {
  const source = sourceOf(await fewScenes("train", 5));
  const middle = await extractTokens(backbone, "stage5", source);
  const continued = await assertNoTensorLeak(() => continueTokens(backbone, middle, "stage5", "head"));
  const whole = await extractTokens(backbone, "head", source);
  assert.deepEqual([continued.rows, continued.channels], [7, 1280]);
  const largest = whole.data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  const difference = whole.data.reduce(
    (max, value, i) => Math.max(max, Math.abs(value - continued.data[i]!)),
    0,
  );
  assert.ok(difference < 1e-4 * largest, `${difference} of ${largest}`);
});

test("there is no way back, and no unknown place", async () => {
  const middle = await extractTokens(backbone, "stage5", sourceOf(await fewScenes("train", 1)));
  for (const to of ["stage2", "nowhere"]) {
    await assert.rejects(continueTokens(backbone, middle, "stage5", to), UserError);
  }
});

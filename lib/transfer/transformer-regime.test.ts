import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { drawn } from "../backbones/drawn-weights.fixture";
import { smallTransformer } from "../backbones/transformers/small-transformer.fixture";
import { startTensorFlow } from "../node/start-tensorflow";
import { extractTokens } from "./extract";
import { fitRegime } from "./fit-regime";
import type { Regime } from "./regimes";
import { loadModel, saveModel } from "./saved-model";
import { gatherGrids } from "./tokens";

const COUNT = 24;

before(() => startTensorFlow());

test("the last blocks of a transformer are fine-tuned with frozen norms, saved, and loaded again", async () => {
  const backbone = smallTransformer({ pixelMean: 128, pixelDeviation: 64 });
  const source = {
    count: COUNT,
    digest: "drawn",
    load: async (index: number) => ({
      width: 12,
      height: 12,
      channels: 3 as const,
      // One class is lighter than the other.
      data: Uint8Array.from(drawn(`image ${index}`, 432, 60, index % 2 === 0 ? 100 : 160)),
    }),
  };
  const regime: Regime = {
    name: "last block",
    frozenUpTo: "block1+class",
    pooledAt: "patches",
    frozenNorms: true,
    plan: { epochs: 5, batchSize: 8, headLearningRate: 1e-2, stageLearningRate: 1e-3 },
  };
  const tokens = await extractTokens(backbone, regime.frozenUpTo, source);
  assert.deepEqual([tokens.rows, tokens.columns, tokens.channels], [1, 12, 8]);
  const set = { tokens, labels: Int32Array.from({ length: COUNT }, (_, i) => i % 2) };
  const fitted = await fitRegime({
    backbone,
    regime,
    pooling: "attention",
    classes: 2,
    training: set,
    validation: set,
    seed: 1,
  });
  assert.ok(fitted.history.at(-1)!.trainingLoss < fitted.history[0]!.trainingLoss);
  const names = [...fitted.model.variablesOf("stage").keys()];
  assert.ok(
    names.includes("blocks.2.mlp.fc1.weight") && names.every((name) => !name.includes("norm")),
    `${names}`,
  );
  const loaded = loadModel(await saveModel(fitted.model), backbone);
  tf.tidy(() => {
    const grids = gatherGrids(tokens, [0, 1, 2]);
    const [before, after] = [fitted.model, loaded].map((model) => model.predict(grids));
    assert.deepEqual(after!.logits.dataSync(), before!.logits.dataSync());
    assert.deepEqual(after!.weights.shape, [3, 1, 9]);
  });
  loaded.dispose();
  fitted.model.dispose();
  backbone.dispose();
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { randomStream } from "../runtime/random";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { evaluate } from "./evaluate";
import { featuresOf, fewScenes } from "./few-scenes.fixture";
import { type FitOptions, fitRegime } from "./fit-regime";
import type { LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import { ATTENTION_HEADS, type PoolingName } from "./pooling-choice";
import { lastStage, middleLayerProbe, type Regime } from "./regimes";

const CLASSES = 8;
let native: boolean;
let backbone: Backbone;
let middle: { training: LabelledTokens; validation: LabelledTokens };
before(async () => {
  native = (await startTensorFlow()).backend === "native";
  backbone = await loadEfficientNetLite0();
  middle = await features(middleLayerProbe);
});
after(() => backbone.dispose());

async function features({ frozenUpTo }: Regime) {
  return {
    training: await featuresOf(backbone, frozenUpTo, await fewScenes("train", 40)),
    validation: await featuresOf(backbone, frozenUpTo, await fewScenes("validation", 16)),
  };
}

/** A fit of a regime with another plan in parts. */
function fit(regime: Regime, plan: Partial<Regime["plan"]>, options: Partial<FitOptions> = {}) {
  return fitRegime({
    backbone,
    regime: { ...regime, plan: { ...regime.plan, batchSize: 16, ...plan } },
    pooling: "attention",
    classes: CLASSES,
    ...middle,
    seed: 1,
    ...options,
  });
}

test("an attention probe learns forty scenes: far above chance, and its loss falls", async () => {
  const { model, history } = await fit(middleLayerProbe, { epochs: 20, headLearningRate: 1e-2 });
  const { accuracy, weights } = await evaluate(model, middle.training);
  assert.ok(accuracy > 0.6, `${accuracy} of the training scenes are right; guessing reaches 0.125`);
  assert.ok(history.at(-1)!.trainingLoss < 0.7 * history[0]!.trainingLoss);
  assert.equal(weights.length, 40 * 14 * 14);
  // The weights begin uniform; what differs was learned.
  assert.ok(Math.max(...weights) > 1.5 / (14 * 14), `the largest weight is ${Math.max(...weights)}`);
  model.dispose();
});

test("every pooling that learns fits forty scenes in a few steps: its loss falls, and every parameter moves", async () => {
  const learned: PoolingName[] = [
    "generalised mean",
    "attention",
    "gated attention",
    "multi-head attention",
    "class attention",
    "self-attention",
    "hidden mean",
    "projected mean",
    "mean hidden",
    "hidden attention",
    "frozen-vector attention",
  ];
  for (const pooling of learned) {
    const { model, history } = await fit(middleLayerProbe, { epochs: 5 }, { pooling });
    const [first, last] = [history[0]!.trainingLoss, history.at(-1)!.trainingLoss];
    assert.ok(last < 0.9 * first, `${pooling}: the loss went from ${first} to ${last}`);
    const options = { pooling, channels: 112, classes: CLASSES };
    const untrained = new TransferModel({
      ...options,
      stream: randomStream(1, `fit/${middleLayerProbe.name}`),
    });
    for (const [i, variable] of model.headVariables.entries()) {
      const moved = tf.tidy(() => variable.sub(untrained.headVariables[i]!).abs().max().dataSync()[0]!);
      assert.ok(moved > 0, `${pooling}: parameter ${i} did not move`);
    }
    const { weights } = await evaluate(model, middle.validation);
    const heads =
      { "multi-head attention": ATTENTION_HEADS, "class attention": CLASSES }[pooling as string] ?? 1;
    assert.equal(weights.length, 16 * heads * 14 * 14);
    untrained.dispose();
    model.dispose();
  }
});

test("after every epoch the model can be looked at with the weights of that epoch", async () => {
  const seen: number[] = [];
  const onEpoch: FitOptions["onEpoch"] = async (_record, model) => {
    seen.push((await evaluate(model, middle.validation)).loss);
  };
  const { model, history } = await fit(middleLayerProbe, { epochs: 3 }, { onEpoch });
  assert.deepEqual(
    seen,
    history.map(({ validationLoss }) => validationLoss),
  );
  model.dispose();
});

test("the model is left with the weights of its best epoch", async () => {
  const bestEpochs: number[] = [];
  for (const seed of [1, 2, 3]) {
    // Steps so large that later epochs are often worse.
    const { model, history, best } = await fit(
      middleLayerProbe,
      { epochs: 6, headLearningRate: 0.3 },
      { seed },
    );
    const { accuracy, loss } = await evaluate(model, middle.validation);
    assert.deepEqual([accuracy, loss], [best.validationAccuracy, best.validationLoss]);
    const highest = Math.max(...history.map(({ validationAccuracy }) => validationAccuracy));
    const rivals = history.filter(({ validationAccuracy }) => validationAccuracy === highest);
    assert.equal(best.validationLoss, Math.min(...rivals.map(({ validationLoss }) => validationLoss)));
    assert.equal(history.length, 6);
    bestEpochs.push(best.epoch);
    model.dispose();
  }
  assert.ok(
    bestEpochs.some((epoch) => epoch < 6),
    "the last epoch was the best every time, which shows nothing",
  );
});

test("contexts that are pooled once give what pooling at every step gives", async () => {
  for (const pooling of ["mean", "max"] as const) {
    const { model, best } = await fit(middleLayerProbe, { epochs: 2 }, { pooling });
    const { accuracy, loss } = await evaluate(model, middle.validation);
    assert.equal(accuracy, best.validationAccuracy);
    assert.ok(Math.abs(loss - best.validationLoss) < 1e-5, `${loss} is not ${best.validationLoss}`);
    model.dispose();
  }
});

test("frozen means frozen: fine-tuning changes the model's stage and not one bit of the backbone", async (context) => {
  if (!native) return context.skip("fine-tuning needs the native backend");
  const options = await features(lastStage);
  const [image] = await fewScenes("validation", 1);
  const pixels = tf.tensor4d(Float32Array.from(image!.image.data), [1, 224, 224, 3]);
  const logits = () =>
    tf.tidy(() => backbone.run(backbone.preprocess(pixels), "input", "logits").dataSync().slice());
  const fresh = backbone.trainableStage("stage6", "head");
  const stageOutput = () =>
    tf.tidy(() => {
      const stage6 = backbone.run(backbone.preprocess(pixels), "input", "stage6") as tf.Tensor4D;
      return fresh.run(stage6).dataSync().slice();
    });
  const [logitsBefore, outputBefore] = [logits(), stageOutput()];
  const { model } = await fit(lastStage, { epochs: 2 }, options);
  assert.deepEqual(logits(), logitsBefore);
  // A stage that was copied before the fit shares nothing with the one that was trained, statistics included.
  assert.deepEqual(stageOutput(), outputBefore);
  assert.equal(model.stageVariables.length, fresh.variables.length);
  model.stageVariables.forEach((variable, i) => {
    const moved = tf.tidy(() => variable.sub(fresh.variables[i]!).abs().max().dataSync()[0]!);
    assert.ok(moved > 0, `${fresh.variableNames[i]} did not move`);
  });
  model.dispose();
  fresh.dispose();
  pixels.dispose();
});

test("a fit leaves no tensor behind once its model is disposed, whatever it trains", async () => {
  const given = {
    pooling: "given" as const,
    training: { ...middle.training, givenWeights: new Float32Array(40 * 196).fill(1 / 196) },
    validation: { ...middle.validation, givenWeights: new Float32Array(16 * 196).fill(1 / 196) },
  };
  for (const options of [{}, { pooling: "mean" as const }, given]) {
    await assertNoTensorLeak(async () => {
      (await fit(middleLayerProbe, { epochs: 2 }, options)).model.dispose();
    });
  }
  if (!native) return;
  const tuned = await features(lastStage);
  await assertNoTensorLeak(async () => (await fit(lastStage, { epochs: 1 }, tuned)).model.dispose());
});

test("what can't be fitted is refused in a sentence, and leaves no tensor behind", async () => {
  const { training, validation } = middle;
  const none = { data: new Float32Array(0), count: 0, rows: 14, columns: 14, channels: 112 };
  const refused: [Partial<FitOptions>, RegExp][] = [
    [{ pooling: "given" }, /"given" takes 7840 weights .* got none/],
    [{ training: { ...training, labels: training.labels.subarray(1) } }, /39 labels for 40 images/],
    [{ validation: { ...validation, labels: new Int32Array(0) } }, /0 labels for 16 images/],
    [{ validation: { tokens: none, labels: new Int32Array(0) } }, /no images/],
    [{ regime: { ...middleLayerProbe, frozenUpTo: "stage9", pooledAt: "stage9" } }, /no cut point "stage9"/],
  ];
  for (const [options, message] of refused) {
    await assertNoTensorLeak(() =>
      assert.rejects(
        fit(middleLayerProbe, { epochs: 1 }, options),
        (error) => error instanceof UserError && message.test(error.message),
        String(message),
      ),
    );
  }
});

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import type { InputBackbone } from "../backbones/backbone";
import type { FreeGrid } from "../backbones/grid";
import { startTensorFlow } from "../node/start-tensorflow";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { continueTokens } from "./continue-tokens";
import { evaluate } from "./evaluate";
import { extractTokens } from "./extract";
import { fitRegime } from "./fit-regime";
import type { LabelledTokens } from "./labelled-tokens";
import { type PoolingName, poolingNames } from "./pooling-choice";
import type { Regime } from "./regimes";
import { loadModel, saveModel } from "./saved-model";
import { drawSeries, type Series, seriesBackbone, sourceOfSeries } from "./series.fixture";
import { maskOfItem, type TokenSet } from "./tokens";

type SeriesSet = LabelledTokens<FreeGrid>;

const plan = { epochs: 15, batchSize: 16, headLearningRate: 2e-2, stageLearningRate: 1e-2 };
const head: Regime = { name: "head", frozenUpTo: "early", pooledAt: "early", plan };
const tuned: Regime = { name: "tuned", frozenUpTo: "early", pooledAt: "late", plan };
let backbone: InputBackbone<Series>;
let training: SeriesSet;
let validation: SeriesSet;
let native: boolean;
before(async () => {
  native = (await startTensorFlow()).backend === "native";
  backbone = seriesBackbone();
  const sets = ["training", "validation"].map(async (name): Promise<SeriesSet> => {
    const { series, labels } = drawSeries(name === "training" ? 160 : 60, name);
    return { tokens: await extractTokens(backbone, "early", sourceOfSeries(series)), labels };
  });
  [training, validation] = (await Promise.all(sets)) as [SeriesSet, SeriesSet];
});
after(() => backbone.dispose());

/** The same set with something else where there is padding. */
function withPadding(set: SeriesSet, value: number): SeriesSet {
  const data = set.tokens.data.slice();
  const { channels, count } = set.tokens;
  const [positions] = set.tokens.grid as [number];
  for (let item = 0; item < count; item++)
    maskOfItem(set.tokens, item).forEach((kept, position) => {
      const start = (item * positions + position) * channels;
      if (!kept) data.fill(value, start, start + channels);
    });
  return { ...set, tokens: { ...set.tokens, data } };
}

const fit = (regime: Regime, pooling: PoolingName, sets = { training, validation }) =>
  fitRegime({ backbone, regime, pooling, classes: ["up", "down"], ...sets, seed: 1 });

/** With weights for the pooling `given`; what they say of padding must not count. */
function given(set: SeriesSet): SeriesSet {
  const { count, grid } = set.tokens;
  return { ...set, givenWeights: new Float32Array(count * grid[0]!).fill(1) };
}

test("series of different lengths keep their lengths through extraction, whatever batch they were padded in", async () => {
  const { series } = drawSeries(40, "lengths");
  const together = await assertNoTensorLeak(() => extractTokens(backbone, "early", sourceOfSeries(series)));
  assert.deepEqual(
    [...together.lengths!],
    series.map(({ length }) => length),
  );
  assert.deepEqual(together.grid, [Math.max(...together.lengths!)]);
  const [positions] = together.grid as [number];
  for (const index of [0, 31, 32, 39]) {
    const alone = await extractTokens(backbone, "early", sourceOfSeries([series[index]!]));
    const start = index * positions * together.channels;
    const own = together.data.subarray(start, start + alone.data.length);
    assert.ok(
      alone.data.every((value, i) => Math.abs(value - own[i]!) < 1e-5),
      `series ${index} differs`,
    );
  }
});

test("attention over padded series finds the motif, in this set and in one of other lengths", async () => {
  const { model } = await fit(head, "attention");
  const { accuracy, weights } = await evaluate(model, validation);
  assert.ok(accuracy > 0.9, `${accuracy} of the series are right; guessing reaches 0.5`);
  const [positions] = validation.tokens.grid as [number];
  for (let item = 0; item < validation.tokens.count; item++) {
    const own = weights.subarray(item * positions, (item + 1) * positions);
    const sum = own.reduce((total, weight) => total + weight, 0);
    assert.ok(Math.abs(sum - 1) < 1e-5);
    maskOfItem(validation.tokens, item).forEach((kept, i) => {
      if (!kept) assert.equal(own[i], 0);
    });
  }
  const longer: SeriesSet = { ...validation, tokens: stretched(validation.tokens, 9) };
  const again = await evaluate(model, longer);
  assert.deepEqual(again.predictions, (await evaluate(model, validation)).predictions);
  model.dispose();
});

/** The same tokens with more padding behind them. */
function stretched(tokens: TokenSet<FreeGrid>, more: number): TokenSet<FreeGrid> {
  const [positions] = tokens.grid as [number];
  const { count, channels } = tokens;
  const data = new Float32Array(count * (positions + more) * channels).fill(Number.NaN);
  const size = positions * channels;
  for (let item = 0; item < count; item++)
    data.set(tokens.data.subarray(item * size, (item + 1) * size), item * (size + more * channels));
  return { ...tokens, data, grid: [positions + more] };
}

test("what stands in the padding has no effect, NaN included: equal fits to the last bit with every pooling", async () => {
  const short = { ...head, plan: { ...plan, epochs: 2 } };
  for (const pooling of poolingNames) {
    const results = [];
    for (const value of [0, Number.NaN, Number.POSITIVE_INFINITY]) {
      const sets = {
        training: given(withPadding(training, value)),
        validation: given(withPadding(validation, value)),
      };
      const { model, history } = await fit(short, pooling, sets);
      const { loss, weights } = await evaluate(model, sets.validation);
      assert.ok(Number.isFinite(loss));
      results.push({ history, loss, weights });
      model.dispose();
    }
    assert.deepEqual(results[1], results[0], pooling);
    assert.deepEqual(results[2], results[0], pooling);
  }
});

test("lengths and a mask that say the same give the same", async () => {
  const masked = ({ tokens: { lengths, ...tokens }, ...set }: SeriesSet): SeriesSet => {
    const rows = Array.from({ length: tokens.count }, (_, item) => [
      ...maskOfItem({ ...tokens, lengths: lengths! }, item),
    ]);
    return { ...set, tokens: { ...tokens, mask: Uint8Array.from(rows.flat()) } };
  };
  const short = { ...head, plan: { ...plan, epochs: 2 } };
  const first = await fit(short, "attention");
  const second = await fit(short, "attention", {
    training: masked(training),
    validation: masked(validation),
  });
  assert.deepEqual(second.history, first.history);
  first.model.dispose();
  second.model.dispose();
  const late = await continueTokens(backbone, masked(validation).tokens, "early", "late");
  const lengths = await continueTokens(backbone, validation.tokens, "early", "late");
  assert.deepEqual(late.data, lengths.data);
  for (let item = 0; item < late.count; item++)
    assert.deepEqual(maskOfItem(late, item), maskOfItem(lengths, item));
});

test("tokens taken on are those of a run from the series, with lengths that follow the stride", async () => {
  const { series } = drawSeries(5, "continued");
  const early = await extractTokens(backbone, "early", sourceOfSeries(series));
  const continued = await assertNoTensorLeak(() => continueTokens(backbone, early, "early", "late"));
  const whole = await extractTokens(backbone, "late", sourceOfSeries(series));
  assert.deepEqual([continued.lengths, "grid" in continued && continued.grid], [whole.lengths, whole.grid]);
  for (let item = 0; item < 5; item++) {
    const start = item * (whole.data.length / 5);
    const used = start + whole.lengths![item]! * whole.channels;
    for (let i = start; i < used; i++) assert.ok(Math.abs(continued.data[i]! - whole.data[i]!) < 1e-5);
  }
});

test("a stage of a network for series is fine-tuned, whatever stands in the padding, and saved with its model", async (context) => {
  if (!native) return context.skip("fine-tuning a convolution needs the native backend");
  const { model, history } = await fit(tuned, "attention");
  const broken = {
    training: withPadding(training, Number.NaN),
    validation: withPadding(validation, Number.NaN),
  };
  const again = await fit(tuned, "attention", broken);
  assert.deepEqual(again.history, history);
  const whole = await evaluate(model, validation);
  assert.ok(whole.accuracy > 0.9, `${whole.accuracy} of the series are right`);
  assert.equal(whole.weights.length, 60 * Math.ceil(validation.tokens.grid[0]! / 2));
  const start = backbone.trainableStage("early", "late");
  const moved = tf.tidy(() => start.variables[0]!.sub(model.stageVariables[0]!).abs().max().dataSync()[0]!);
  assert.ok(moved > 0.01, `the kernel moved by ${moved}`);
  start.dispose();
  const loaded = loadModel(await saveModel(model), backbone);
  assert.deepEqual(await evaluate(loaded, broken.validation), whole);
  assert.deepEqual(loaded.classNames, ["up", "down"]);
  for (const each of [model, again.model, loaded]) each.dispose();
});

test("padding that can't be right is refused in a sentence", async () => {
  const { tokens } = validation;
  const positions = tokens.grid[0]!;
  const { lengths, ...unpadded } = tokens;
  const none = new Uint8Array(tokens.count * positions).fill(1);
  none.fill(0, 3 * positions, 4 * positions);
  const wrong: [TokenSet<FreeGrid>, RegExp][] = [
    [{ ...tokens, lengths: lengths!.map((length, i) => (i === 2 ? 0 : length)) }, /length of item 2/],
    [{ ...tokens, lengths: lengths!.map((length, i) => (i === 5 ? 99 : length)) }, /length of item 5/],
    [{ ...tokens, lengths: lengths!.subarray(1) }, /59 `lengths` for 60 items/],
    [{ ...unpadded, mask: none }, /mask of item 3/],
    [{ ...unpadded, mask: none.subarray(1) }, /`mask` of tokens has/],
    [{ ...tokens, mask: none }, /not both/],
    [{ ...tokens, grid: [] }, /list of sizes/],
    [{ ...tokens, grid: [positions + 1] }, /hold .* numbers/],
    [
      { ...tokens, data: tokens.data.map((value, i) => (i === 9 ? Number.NaN : value)) },
      /Item 0.*NaN.*position 1/,
    ],
  ];
  const { model } = await fit({ ...head, plan: { ...plan, epochs: 1 } }, "mean");
  for (const [set, message] of wrong) {
    await assert.rejects(
      evaluate(model, { ...validation, tokens: set }),
      (error) => error instanceof UserError && message.test(error.message),
      String(message),
    );
  }
  model.dispose();
});

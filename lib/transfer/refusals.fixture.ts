import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { randomStream } from "../runtime/random";
import { assertNoTensorLeak } from "../runtime/tensor-scope";
import { UserError } from "../runtime/user-error";
import { evaluate } from "./evaluate";
import { type FitOptions, fitRegime } from "./fit-regime";
import { checkSet, type LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import type { PoolingName } from "./pooling-choice";
import { tinyBackbone, tinySet } from "./tiny-backbone.fixture";
import { train } from "./trainer";
import type { TrainingPlan } from "./training-plan";

const sound = tinySet([1, 0, 0, 1, 1, 0], [0, 1, 0]);
const regime = {
  name: "tiny",
  frozenUpTo: "only",
  pooledAt: "only",
  plan: { epochs: 3, batchSize: 8, headLearningRate: 0.01 },
};

const planned = (plan: Partial<TrainingPlan>): Partial<FitOptions> => ({
  regime: { ...regime, plan: { ...regime.plan, ...plan } },
});
const withTokens = (tokens: Partial<LabelledTokens["tokens"]>): LabelledTokens => ({
  ...sound,
  tokens: { ...sound.tokens, ...tokens },
});
const withLabels = (labels: ArrayLike<number>): LabelledTokens => ({
  ...sound,
  labels: labels as Int32Array,
});
const given = (...weights: number[]): Partial<FitOptions> => {
  const set = { ...sound, givenWeights: Float32Array.from(weights) };
  return { pooling: "given", training: set, validation: set };
};

function fit(options: Partial<FitOptions>) {
  return fitRegime({
    backbone: tinyBackbone,
    regime,
    pooling: "mean",
    classes: 2,
    training: sound,
    validation: sound,
    seed: 1,
    ...options,
  });
}

const refused: [what: string, options: Partial<FitOptions>, message: RegExp][] = [
  ["NaN features", { training: tinySet([1, 0, 0, Number.NaN], [0, 1]) }, /Item 1, .* has NaN .* channel 1/],
  ["an infinite feature", { validation: tinySet([-Infinity, 0], [0]) }, /Item 0, .* has -Infinity/],
  ["a label too large", { validation: tinySet([1, 0, 0, 1], [0, 2]) }, /label of item 1, .* is 2\./],
  ["a negative label", { training: withLabels([0, 1, -1]) }, /label of item 2, .* is -1\./],
  ["a label with a fraction", { training: withLabels([0, 0.5, 1]) }, /label of item 1, .* is 0\.5\./],
  ["a label that is NaN", { training: withLabels([Number.NaN, 0, 1]) }, /label of item 0, .* is NaN\./],
  [
    "a label that is a text",
    { training: withLabels(["0", 0, 1] as number[]) },
    /label of item 0, .* is "0"\./,
  ],
  ["no labels", { training: withLabels(undefined as unknown as number[]) }, /no labels for 3 images/],
  ["too few data", { training: withTokens({ count: 4 }) }, /hold 6 numbers, and 4 items .* have 8/],
  ["too many data", { training: withTokens({ count: 2 }) }, /hold 6 numbers, and 2 items .* have 4/],
  ["a count that is none", { training: withTokens({ count: 1.5 }) }, /`count` .* not 1\.5/],
  ["data of another type", { training: withTokens({ data: [1, 0, 0, 1, 1, 0] as never }) }, /Float32Array/],
  [
    "tokens of another cut point",
    { training: withTokens({ count: 1, rows: 3 }) },
    /training tokens have 3 × 1 positions of 2 channels, and the cut point "only" has 1 × 1 positions of 2/,
  ],
  ["an unknown cut point", { regime: { ...regime, frozenUpTo: "stage9" } }, /no cut point "stage9"/],
  ["no epochs", planned({ epochs: 0 }), /`epochs` .* not 0/],
  ["NaN epochs", planned({ epochs: Number.NaN }), /`epochs` .* not NaN/],
  ["endless epochs", planned({ epochs: Infinity }), /`epochs` .* not Infinity/],
  ["half an item in a batch", planned({ batchSize: 2.5 }), /`batchSize` .* not 2\.5/],
  ["an empty batch", planned({ batchSize: 0 }), /`batchSize` .* not 0/],
  ["a learning rate of NaN", planned({ headLearningRate: Number.NaN }), /`headLearningRate` .* not NaN/],
  ["a learning rate of 0", planned({ headLearningRate: 0 }), /`headLearningRate` .* not 0/],
  ["a negative learning rate", planned({ headLearningRate: -0.1 }), /`headLearningRate` .* not -0\.1/],
  ["an infinite learning rate", planned({ headLearningRate: Infinity }), /not Infinity/],
  ["a learning rate that is 0 in single precision", planned({ headLearningRate: 1e-60 }), /not 1e-60/],
  ["an unknown pooling", { pooling: "median" as PoolingName }, /no pooling "median"\. Choose one of mean/],
  ["no regime", { regime: undefined as never }, /takes a regime with a plan/],
  ["no training set", { training: undefined as never }, /A set of items is/],
  ["a set without tokens", { validation: { labels: sound.labels } as never }, /A set of items is/],
  ["a text for the classes", { classes: "ab" as never }, /a list with a name for each; a text was given/],
  ["two classes of one name", { classes: ["é", "e\u0301"] }, /Two classes have the name "é"/],
  ["a class without a name", { classes: ["a", ""] }, /name of class 1, counted from 0, is ""/],
  ["one class", { classes: 1 }, /`classes` .* not 1/],
  ["classes with a fraction", { classes: 2.5 }, /`classes` .* not 2\.5/],
  ["a seed of NaN", { seed: Number.NaN }, /seed .* not NaN/],
  ["a seed with a fraction", { seed: 0.5 }, /seed .* not 0\.5/],
  ["given weights of NaN", given(1, Number.NaN, 1), /weights of item 1, .* NaN/],
  ["negative given weights", given(1, 1, -1), /weights of item 2, .* -1/],
  ["given weights of zero", given(0, 1, 1), /weights of item 0, .* all zero/],
];

/** What must not be computed with, and what a broken training leaves, on the backend that the test has started. */
export function testRefusals(): void {
  for (const [what, options, message] of refused) {
    test(`a fit with ${what} is refused in a sentence`, () =>
      assertNoTensorLeak(() =>
        assert.rejects(
          fit(options),
          (error) => error instanceof UserError && message.test(error.message),
          String(message),
        ),
      ));
  }

  test("a model is made for features that it can take, and says so of others", async () => {
    const options = {
      pooling: "attention" as const,
      channels: 2,
      classes: 2,
      stream: randomStream(1, "test"),
    };
    for (const wrong of [{ attentionUnits: 0 }, { attentionUnits: 2.5 }, { channels: 0 }, { classes: 1 }]) {
      assert.throws(() => new TransferModel({ ...options, ...wrong }), UserError, JSON.stringify(wrong));
    }
    const model = new TransferModel(options);
    const three = { data: new Float32Array(3), count: 1, rows: 1, columns: 1, channels: 3 };
    await assert.rejects(
      evaluate(model, { tokens: three, labels: Int32Array.of(0) }),
      /takes features .* 2\]/,
    );
    const two = { data: new Float32Array(4), count: 1, rows: 2, columns: 1, channels: 2 };
    const plan = { epochs: 1, batchSize: 1, headLearningRate: 0.1 };
    const validation = { tokens: two, labels: Int32Array.of(0) };
    await assert.rejects(
      train({ model, training: sound, validation, plan, stream: randomStream(1, "order") }),
      /train on have 1 × 1 .* validate on 2 × 1/,
    );
    model.dispose();
  });

  test("weights that are no numbers make no evaluation", async () => {
    const { model } = await fit({});
    model.headVariables[0]!.assign(model.headVariables[0]!.mul(Number.NaN));
    await assert.rejects(evaluate(model, sound), /loss on item 0, .* no finite number/);
    model.dispose();
  });

  test("of a training that breaks, the epochs before it stand", async () => {
    // Every step goes on in the direction of the first: the weights, 1.6e38 after it, overflow within a few.
    const both = tinySet([1, 0, 0, 1], [0, 1]);
    const sets = { training: both, validation: both };
    const told: string[] = [];
    const { warn } = console;
    console.warn = (message: string) => told.push(message);
    const watched: number[] = [];
    try {
      const { model, history, best, stopped } = await fit({
        ...planned({ epochs: 50, headLearningRate: 1.6e38 }),
        ...sets,
        onEpoch: ({ epoch }) => void watched.push(epoch),
      });
      assert.match(stopped!, /stopped in epoch \d+ of 50: .* weights of epoch \d+/);
      assert.deepEqual(told, [stopped]);
      assert.ok(history.length >= 1 && history.length < 50);
      assert.deepEqual(
        watched,
        history.map(({ epoch }) => epoch),
      );
      assert.ok(history.every((record) => Object.values(record).every(Number.isFinite)));
      const { loss, accuracy } = await evaluate(model, both);
      assert.deepEqual([loss, accuracy], [best.validationLoss, best.validationAccuracy]);
      model.dispose();
    } finally {
      console.warn = warn;
    }
  });

  test("a training that breaks in its first epoch is an error, and leaves the model as it was", async () => {
    const model = new TransferModel({
      pooling: "mean",
      channels: 2,
      classes: 2,
      stream: randomStream(1, "t"),
    });
    const large = tinySet([1e15, 0, 0, 1e15], [0, 1]);
    const plan = { epochs: 3, batchSize: 1, headLearningRate: 1e25 };
    await assert.rejects(
      train({ model, training: large, validation: large, plan, stream: randomStream(1, "order") }),
      /stopped in epoch 1 of 3: .* as it was before/,
    );
    for (const variable of model.headVariables)
      assert.deepEqual([...(await variable.data())], new Array(variable.size).fill(0));
    model.dispose();
  });

  test("whichever number of a set is NaN or infinite, exactly its item is named", () => {
    const sizes = fc.record({
      count: fc.integer({ min: 1, max: 5 }),
      rows: fc.integer({ min: 1, max: 3 }),
      columns: fc.integer({ min: 1, max: 3 }),
      channels: fc.integer({ min: 1, max: 4 }),
    });
    const bad = fc.constantFrom(Number.NaN, Infinity, -Infinity);
    return fc.assert(
      fc.property(
        sizes,
        fc.nat(),
        bad,
        fc.float({ noNaN: true, noDefaultInfinity: true }),
        (size, at, wrong, fill) => {
          const each = size.rows * size.columns * size.channels;
          const data = new Float32Array(size.count * each).fill(fill);
          const labels = new Int32Array(size.count);
          const taker = { classes: 2, takesWeights: false };
          checkSet(taker, { tokens: { ...size, data }, labels });
          const place = at % data.length;
          data[place] = wrong;
          assert.throws(
            () => checkSet(taker, { tokens: { ...size, data }, labels }),
            new RegExp(
              `^UserError: Item ${Math.floor(place / each)}, counted from 0, has ${wrong} .*channel ${place % size.channels}\\)`,
            ),
          );
        },
      ),
    );
  });

  test("whichever label can't be one, exactly its item is named", () => {
    const wrongLabel = fc.oneof(
      fc.integer({ max: -1 }),
      fc.integer({ min: 3 }),
      fc.double().filter((value) => !Number.isInteger(value)),
    );
    return fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1 }),
        fc.nat(),
        wrongLabel,
        (labels, at, wrong) => {
          const tokens = {
            data: new Float32Array(labels.length),
            count: labels.length,
            rows: 1,
            columns: 1,
            channels: 1,
          };
          const taker = { classes: 3, takesWeights: false };
          checkSet(taker, { tokens, labels: Int32Array.from(labels) });
          const item = at % labels.length;
          labels[item] = wrong;
          assert.throws(
            () => checkSet(taker, { tokens, labels: labels as unknown as Int32Array }),
            (error) =>
              error instanceof UserError && error.message.startsWith(`The label of item ${item}, counted`),
          );
        },
      ),
    );
  });
}

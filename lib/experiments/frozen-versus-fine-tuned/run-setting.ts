import type { Backbone } from "../../backbones/backbone";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import { evaluate } from "../../transfer/evaluate";
import { fitRegime } from "../../transfer/fit-regime";
import { TransferModel } from "../../transfer/model";
import { type EpochRecord, type Trained, train } from "../../transfer/trainer";
import type { TrainingPlan } from "../../transfer/training-plan";
import type { SeedData } from "../cutout-scenes/seed-data";
import type { Setting } from "./grid";

/** What comes out of one run. */
export interface SettingResult {
  history: EpochRecord[];
  best: EpochRecord;
  trainedParameters: number;
  /** Looked at once, with the weights of the best validation epoch. */
  testAccuracy: number;
  /** Mean over the test images of Σ αᵢ·(share of position i that the object covers); none without positions. */
  massInsideMask: number | undefined;
  /** The first test images, for pictures; they are in random order. None without positions. */
  examples: Example[];
}

/** What a model made of one test image. */
export interface Example {
  /** Index in the test part. */
  image: number;
  predicted: number;
  /** `[positions]` */
  weights: number[];
}

const EXAMPLES = 16;

/** Trains one setting on the data of one seed and looks once at its test part. */
export async function runSetting(
  { fit }: Setting,
  data: SeedData,
  backbone: Backbone,
  seed: number,
): Promise<SettingResult> {
  if (!fit) return runHistogram(data, seed);
  const { regime, pooling } = fit;
  const masked = pooling === "given";
  const fitted = await fitRegime({
    backbone,
    regime,
    pooling,
    classes: data.classes.length,
    training: await data.tokens("train", regime.frozenUpTo, masked),
    validation: await data.tokens("validation", regime.frozenUpTo, masked),
    seed,
  });
  const test = await data.tokens("test", regime.frozenUpTo, masked);
  const { accuracy, weights, predictions } = await evaluate(fitted.model, test);
  const { count, rows, columns } = test.tokens;
  const positions = rows * columns;
  return {
    ...finish(fitted),
    testAccuracy: accuracy,
    massInsideMask: massInside(weights, data.maskShares("test", test.tokens), count),
    examples: Array.from({ length: EXAMPLES }, (_, image) => ({
      image,
      predicted: predictions[image]!,
      weights: Array.from(weights.subarray(image * positions, (image + 1) * positions)),
    })),
  };
}

/** Chosen, like those of the regimes, on validation images of seeds that no table uses. */
const HISTOGRAM_PLAN: TrainingPlan = {
  epochs: 60,
  batchSize: 32,
  headLearningRate: 1e-2,
};

async function runHistogram(data: SeedData, seed: number): Promise<SettingResult> {
  const training = await data.histograms("train");
  const stream = randomStream(seed, "fit/colour histogram");
  const { channels } = training.tokens;
  const model = new TransferModel({
    pooling: "mean",
    channels,
    classes: data.classes.length,
    stream,
  });
  const validation = await data.histograms("validation");
  const fitted = await train({
    model,
    training,
    validation,
    plan: HISTOGRAM_PLAN,
    stream: stream.child("order"),
  });
  const { accuracy } = await evaluate(model, await data.histograms("test"));
  return { ...finish({ model, ...fitted }), testAccuracy: accuracy, massInsideMask: undefined, examples: [] };
}

/** What is kept of a fit; the model itself is let go. */
function finish({ model, history, best, stopped }: Trained & { model: TransferModel }) {
  if (stopped) throw new UserError(`${stopped} A table takes no run that was cut short.`);
  const trainedParameters = [...model.headVariables, ...model.stageVariables].reduce(
    (sum, { size }) => sum + size,
    0,
  );
  model.dispose();
  return { history, best, trainedParameters };
}

/** Both `[count, positions]`. */
function massInside(weights: Float32Array, covered: Float32Array, count: number): number {
  return weights.reduce((sum, weight, i) => sum + weight * covered[i]!, 0) / count;
}

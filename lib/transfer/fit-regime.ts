import type { AnyBackbone } from "../backbones/backbone";
import { findCut, stridesBetween } from "../backbones/find-cut";
import { computeInBatches, indexBatches } from "../runtime/batches";
import type { OnProgress } from "../runtime/progress";
import { randomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { checkCut } from "./check-tokens";
import { gatherBatch } from "./evaluate";
import { fineTunedStage } from "./fine-tuned-stage";
import { checkSet, type LabelledSet, type LabelledTokens, requireSet } from "./labelled-tokens";
import { TransferModel } from "./model";
import { describeBackbone } from "./model-origin";
import type { PoolingName } from "./pooling-choice";
import type { Regime } from "./regimes";
import { isPadded } from "./tokens";
import { type Trained, type TrainingOptions, train } from "./trainer";

/** What a transfer is made of. */
export interface FitOptions {
  backbone: AnyBackbone;
  regime: Regime;
  pooling: PoolingName;
  /** See `ModelOptions`. */
  scoreScale?: number;
  /** How many classes, or a name for each in the order of the labels: the model keeps the names. */
  classes: number | readonly string[];
  /** Features of the target domain at the regime's `frozenUpTo`: of images, or on any other grid, padded or not. */
  training: LabelledSet;
  /** The same of other items: the model of the epoch that does best on them is kept. */
  validation: LabelledSet;
  /** Decides the initial weights and the order of the items. */
  seed: number;
  /** Called after every epoch with how many are done, and of how many. */
  onProgress?: OnProgress;
  /** See `TrainingOptions`. */
  onEpoch?: TrainingOptions["onEpoch"];
}

/**
 * Transfers a backbone to a target domain by one regime: pooling and classifier learn on its features, and the
 * stages that the regime names are fine-tuned with them.
 * @returns the model of the best validation epoch (dispose it), and what was seen on the way.
 * @throws UserError for a cut point that the backbone does not have, tokens of another one, and what `train` refuses.
 */
export async function fitRegime(options: FitOptions): Promise<Trained & { model: TransferModel }> {
  const { backbone, regime, pooling, scoreScale, classes, seed } = options;
  if (!regime?.plan)
    throw new UserError("A fit takes a regime with a plan, such as `middleLayerProbe` or one of your own.");
  for (const set of [options.training, options.validation]) requireSet(set);
  if (typeof classes === "string")
    throw new UserError("`classes` is how many there are, or a list with a name for each; a text was given.");
  const pooled = findCut(backbone, regime.pooledAt);
  const cut = findCut(backbone, regime.frozenUpTo);
  checkCut(options.training.tokens, cut, "training");
  checkCut(options.validation.tokens, cut, "validation");
  const fineTuned = regime.frozenUpTo !== regime.pooledAt;
  const stage = fineTuned ? fineTunedStage(backbone, regime, "training") : undefined;
  // The same for every pooling: with one seed, poolings differ in nothing but what they do.
  const stream = randomStream(seed, `fit/${regime.name}`);
  const padded = isPadded(options.training.tokens) || isPadded(options.validation.tokens);
  const named = typeof classes !== "number";
  const model = new TransferModel({
    pooling,
    scoreScale,
    channels: pooled.channels,
    classes: named ? classes.length : classes,
    ...(named && { classNames: classes }),
    stage,
    stageChannels: cut.channels,
    ...(stage && padded && { stageStrides: stridesBetween(cut, pooled) }),
    origin: { backbone: describeBackbone(backbone), regime },
    stream,
  });
  try {
    // A context that is the same in all epochs is computed before the first.
    const [training, validation] = model.hasFixedContexts
      ? [await poolOnce(model, options.training), await poolOnce(model, options.validation)]
      : [options.training, options.validation];
    const { onProgress, onEpoch } = options;
    const fitted = await train({
      model,
      training,
      validation,
      plan: regime.plan,
      stream: stream.child("order"),
      onProgress,
      onEpoch,
    });
    return { model, ...fitted };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

const BATCH_SIZE = 64;

/**
 * Replaces every image's grid by its context, as a grid of one position: a pooling that learns nothing makes of one
 * token that token.
 */
async function poolOnce(model: TransferModel, set: LabelledSet): Promise<LabelledTokens> {
  checkSet(model, set);
  const { count, channels } = set.tokens;
  const data = new Float32Array(count * channels);
  const compute = (indices: number[]) => {
    const { grids, labels: _, ...options } = gatherBatch(set, indices);
    return { contexts: model.predict(grids, options).context };
  };
  for await (const { batch, values } of computeInBatches(indexBatches(count, BATCH_SIZE), compute))
    data.set(values.contexts, batch[0]! * channels);
  return {
    tokens: { data, count, rows: 1, columns: 1, channels },
    labels: set.labels,
    givenWeights: set.givenWeights && new Float32Array(count).fill(1),
  };
}

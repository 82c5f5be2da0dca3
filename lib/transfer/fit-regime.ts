import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import type { OnProgress } from "../runtime/progress";
import { randomStream } from "../runtime/random";
import { gatherBatch } from "./evaluate";
import { checkCut, checkSet, type LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import type { PoolingName } from "./pooling-choice";
import type { Regime } from "./regimes";
import { type Trained, type TrainingOptions, train } from "./trainer";

export interface FitOptions {
  backbone: Backbone;
  regime: Regime;
  pooling: PoolingName;
  classes: number;
  /** Features of the target domain at the regime's `frozenUpTo`. */
  training: LabelledTokens;
  validation: LabelledTokens;
  /** Decides the initial weights and the order of the images. */
  seed: number;
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
  const { backbone, regime, pooling, classes, seed } = options;
  const { channels } = findCut(backbone, regime.pooledAt);
  const cut = findCut(backbone, regime.frozenUpTo);
  checkCut(options.training.tokens, cut, "training");
  checkCut(options.validation.tokens, cut, "validation");
  const fineTuned = regime.frozenUpTo !== regime.pooledAt;
  const stage = fineTuned ? backbone.trainableStage(regime.frozenUpTo, regime.pooledAt) : undefined;
  // The same for every pooling: with one seed, poolings differ in nothing but what they do.
  const stream = randomStream(seed, `fit/${regime.name}`);
  const model = new TransferModel({
    pooling,
    channels,
    classes,
    stage,
    stageChannels: cut.channels,
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
async function poolOnce(model: TransferModel, set: LabelledTokens): Promise<LabelledTokens> {
  checkSet(model, set);
  const { count, channels } = set.tokens;
  const data = new Float32Array(count * channels);
  for (let start = 0; start < count; start += BATCH_SIZE) {
    const indices = Array.from({ length: Math.min(BATCH_SIZE, count - start) }, (_, i) => start + i);
    const contexts = tf.tidy(() => {
      const { grids, givenWeights } = gatherBatch(set, indices);
      return model.predict(grids, { givenWeights }).context;
    });
    data.set(await contexts.data<"float32">(), start * channels);
    contexts.dispose();
  }
  return {
    tokens: { data, count, rows: 1, columns: 1, channels },
    labels: set.labels,
    givenWeights: set.givenWeights && new Float32Array(count).fill(1),
  };
}

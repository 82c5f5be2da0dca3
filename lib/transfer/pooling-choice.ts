import * as tf from "@tensorflow/tfjs";
import { AdditiveAttention } from "../attention/pooling/additive-attention";
import { AimAttentiveProbe } from "../attention/pooling/aim-attentive-probe";
import { CaitClassAttention } from "../attention/pooling/cait-class-attention";
import { ClassAttention } from "../attention/pooling/class-attention";
import { EfficientProbing } from "../attention/pooling/efficient-probing";
import { FrozenScoreAttention } from "../attention/pooling/frozen-score-attention";
import { GatedAttention } from "../attention/pooling/gated-attention";
import { GeneralisedMeanPooling } from "../attention/pooling/generalised-mean-pooling";
import { HiddenThenAttentionPooling } from "../attention/pooling/hidden-then-attention-pooling";
import { HiddenThenMeanPooling } from "../attention/pooling/hidden-then-mean-pooling";
import { JepaAttentiveBlock } from "../attention/pooling/jepa-attentive-block";
import { MaxPooling } from "../attention/pooling/max-pooling";
import { MeanPooling } from "../attention/pooling/mean-pooling";
import { MeanThenHiddenPooling } from "../attention/pooling/mean-then-hidden-pooling";
import { MultiHeadPooling } from "../attention/pooling/multi-head-pooling";
import type { PoolingLayer } from "../attention/pooling/pooling-layer";
import { ProjectionThenMeanPooling } from "../attention/pooling/projection-then-mean-pooling";
import { SimPool } from "../attention/pooling/sim-pool";
import { WeightedPooling } from "../attention/pooling/weighted-pooling";
import { shown } from "../runtime/checks";
import type { RandomStream } from "../runtime/random";
import { UserError } from "../runtime/user-error";
import { ClassWiseClassifier } from "./class-wise-classifier";

/**
 * How the tokens of an image become its context: `mean`, `max`, `generalised mean`, `attention`, `gated attention`,
 * `multi-head attention`, `class attention`, `self-attention` or `given`.
 *
 * `attention` is the additive one. `class attention` makes a context for each class, and its classifier reads each
 * class's logit off that class's own context. `self-attention` is the additive one on tokens that have attended to each
 * other (`SelfAttentionStack`). `given` takes its weights from outside, such as the true mask of the object; the others
 * find them by themselves.
 *
 * The probes of Psomas et al. 2025 (https://arxiv.org/abs/2506.10178): `efficient probing`, `SimPool`,
 * `AIM attentive probe`, `V-JEPA attentive block` and `CaiT class attention`.
 *
 * Controls, of `controlUnits` hidden units where they have some: `hidden mean` puts a hidden layer on every token before
 * the mean, `projected mean` a linear one, `mean hidden` a hidden layer behind the mean; `hidden attention` is attention on
 * what the hidden layer of `hidden mean` made. `frozen-vector attention` is attention whose v is drawn and never trained,
 * `frozen attention` one of which nothing is.
 */
export type PoolingName = (typeof poolingNames)[number];

/** All of them. */
export const poolingNames = [
  "mean",
  "max",
  "generalised mean",
  "attention",
  "gated attention",
  "multi-head attention",
  "class attention",
  "self-attention",
  "given",
  "efficient probing",
  "SimPool",
  "AIM attentive probe",
  "V-JEPA attentive block",
  "CaiT class attention",
  "hidden mean",
  "projected mean",
  "mean hidden",
  "hidden attention",
  "frozen-vector attention",
  "frozen attention",
] as const;

/** Width of the hidden layer in which additive and gated attention compare keys: the d of W_h. */
export const ATTENTION_UNITS = 128;

/** Heads of multi-head attention; they divide the channels of every cut point of the backbone's last stages. */
export const ATTENTION_HEADS = 4;

/** Queries of efficient probing: at most 16, and as many as divide the channels. */
export function probingQueries(channels: number): number {
  return [16, 8, 4, 2, 1].find((queries) => channels % queries === 0)!;
}

/** Blocks of self-attention before the pooling, each with `ATTENTION_HEADS` heads. */
export const SELF_ATTENTION_BLOCKS = 2;

export interface PoolingChoice {
  pooling: PoolingName;
  /** Channels of the tokens. */
  channels: number;
  classes: number;
  attentionUnits: number;
  /** What v's draws are multiplied with where it is frozen, above 0; the other poolings don't look at it. */
  scoreScale?: number;
  /** Where initial weights come from: each pooling has a stream of its own below it. */
  stream: RandomStream;
}

/**
 * Width of a control's hidden layer with which it and its classifier have as many parameters as attention and its
 * classifier, as nearly as can be.
 */
export function controlUnits({
  channels,
  classes,
  attentionUnits: units,
}: Pick<PoolingChoice, "channels" | "classes" | "attentionUnits">): number {
  const attention = channels * units + units * units + 2 * units;
  return Math.max(1, Math.round((attention + classes * channels) / (channels + 1 + classes)));
}

/** @throws UserError for a pooling that there is not */
export function makePooling(choice: PoolingChoice): PoolingLayer {
  const { pooling, classes, attentionUnits: units, scoreScale: scale, stream } = choice;
  const seed = () => stream.child(pooling).tensorSeed();
  switch (pooling) {
    case "mean":
      return new MeanPooling();
    case "max":
      return new MaxPooling();
    case "generalised mean":
      return new GeneralisedMeanPooling();
    case "attention":
    case "self-attention":
      return new AdditiveAttention({ units, query: "learned", seed: seed() });
    case "gated attention":
      return new GatedAttention({ units, seed: seed() });
    case "multi-head attention":
      return new MultiHeadPooling({ heads: ATTENTION_HEADS, seed: seed() });
    case "class attention":
      return new ClassAttention({ classes });
    case "given":
      return new WeightedPooling();
    case "efficient probing":
      return new EfficientProbing({ queries: probingQueries(choice.channels), seed: seed() });
    case "SimPool":
      return new SimPool({ seed: seed() });
    case "AIM attentive probe":
      return new AimAttentiveProbe({ heads: ATTENTION_HEADS, seed: seed() });
    case "V-JEPA attentive block":
      return new JepaAttentiveBlock({ heads: ATTENTION_HEADS, seed: seed() });
    case "CaiT class attention":
      return new CaitClassAttention({ heads: ATTENTION_HEADS, seed: seed() });
    case "hidden mean":
      return new HiddenThenMeanPooling({ units: controlUnits(choice), seed: seed() });
    case "projected mean":
      return new ProjectionThenMeanPooling({ units: controlUnits(choice), seed: seed() });
    case "mean hidden":
      return new MeanThenHiddenPooling({ units: controlUnits(choice), seed: seed() });
    case "hidden attention":
      return new HiddenThenAttentionPooling({ hiddenUnits: controlUnits(choice), units, seed: seed() });
    case "frozen-vector attention":
      return new FrozenScoreAttention({ units, frozen: "vector", scale, seed: seed() });
    case "frozen attention":
      return new FrozenScoreAttention({ units, frozen: "score", scale, seed: seed() });
    default:
      throw new UserError(`There is no pooling ${shown(pooling)}. Choose one of ${poolingNames.join(", ")}.`);
  }
}

/**
 * The linear classifier that belongs to a pooling: as many parameters for one as for the other. It starts at zero:
 * middle-layer features are so large that a random classifier on them begins worse than guessing.
 */
export function makeClassifier({ pooling, classes }: PoolingChoice): tf.layers.Layer {
  if (pooling === "class attention") return new ClassWiseClassifier({ classes });
  return tf.layers.dense({ units: classes, kernelInitializer: tf.initializers.zeros() });
}

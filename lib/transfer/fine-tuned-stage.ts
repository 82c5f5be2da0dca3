import type * as tf from "@tensorflow/tfjs";
import type { AnyBackbone, StagePurpose, TrainableStage } from "../backbones/backbone";
import { freezeNorms } from "../backbones/freeze-norms";
import type { Regime } from "./regimes";

/** The stages that a regime fine-tunes, its norms among the variables unless it freezes them. */
export function fineTunedStage(
  backbone: AnyBackbone,
  { frozenUpTo, pooledAt, frozenNorms }: Pick<Regime, "frozenUpTo" | "pooledAt" | "frozenNorms">,
  purpose: StagePurpose,
): TrainableStage<tf.Tensor> {
  const stage = backbone.trainableStage(frozenUpTo, pooledAt, purpose);
  return frozenNorms ? freezeNorms(stage) : stage;
}

import type * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { UserError } from "../runtime/user-error";
import { findCut } from "../transfer/extract";
import type { TransferModel } from "../transfer/model";
import type { Regime } from "../transfer/regimes";
import { makeNetwork, type Network } from "./network";

export interface TransferredParts {
  backbone: Backbone;
  /** The regime that the model was fitted by: it says where the backbone is cut. */
  regime: Regime;
  model: TransferModel;
}

/**
 * The whole network that a transfer made, from pixels to logits: preprocessing, the frozen part of the backbone, the
 * stage that was fine-tuned, then pooling and classifier. Backbone and model stay the caller's, and a model that is
 * trained further is explained as it is then.
 * @throws UserError for a pooling that takes its weights from outside, or a cut point that the backbone does not have
 */
export function transferredNetwork({ backbone, regime, model }: TransferredParts): Network {
  if (model.takesWeights) {
    throw new UserError(
      'A model with the pooling "given" takes its weights from outside and can\'t look at an image alone. ' +
        "Explain one with another pooling.",
    );
  }
  const { rows, columns } = findCut(backbone, regime.pooledAt);
  findCut(backbone, regime.frozenUpTo);
  return makeNetwork({
    inputSize: backbone.inputSize,
    classes: model.classes,
    headsAreClasses: model.headsAreClasses,
    rows,
    columns,
    features: (pixels) => {
      const frozen = backbone.run(backbone.preprocess(pixels), "input", regime.frozenUpTo);
      return model.runStage(frozen as tf.Tensor4D);
    },
    decide: (features, probes) => model.decide(features, undefined, probes),
  });
}

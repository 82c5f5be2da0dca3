import type * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import { UserError } from "../runtime/user-error";
import { type Decision, type DecisionProbes, makeNetwork, type Network } from "./network";

/** What follows a frozen backbone; a `TransferModel` is one. */
export interface TransferredHead {
  readonly classes: number;
  /** Whether the pooling takes its weights from outside. */
  readonly takesWeights: boolean;
  /** Whether each class has weights of its own. */
  readonly headsAreClasses: boolean;
  /** The stages that were fine-tuned: activations where the backbone ends to the features that are pooled. */
  runStage(activations: tf.Tensor4D): tf.Tensor4D;
  /**
   * Pooling and classifier, on features `[batch, rows, columns, channels]`. Differentiable.
   * @param options.probes zeros that are added to the attention weights, whose gradients the methods read
   */
  decide(features: tf.Tensor4D, options?: { probes?: DecisionProbes }): Decision;
}

/** What a transferred network is put together from. */
export interface TransferredParts {
  backbone: Backbone;
  /** Of the regime that the model was fitted by: where the frozen backbone ends, and which features are pooled. */
  regime: { readonly frozenUpTo: string; readonly pooledAt: string };
  model: TransferredHead;
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
    decide: (features, probes) => model.decide(features, { probes }),
  });
}

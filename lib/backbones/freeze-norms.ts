import type * as tf from "@tensorflow/tfjs";
import type { TrainableStage } from "./backbone";

/**
 * The same stage with its norms as they are: the gamma and beta of each BatchNorm, the gain and offset of each layer norm are
 * no longer among its variables. The statistics of BatchNorm are frozen in any stage.
 */
export function freezeNorms<Activations extends tf.Tensor>(
  stage: TrainableStage<Activations>,
): TrainableStage<Activations> {
  const { norms } = stage;
  if (!norms) return stage;
  const isKept = stage.variables.map((variable) => !norms.has(variable));
  return {
    variables: stage.variables.filter((_, i) => isKept[i]),
    variableNames: stage.variableNames.filter((_, i) => isKept[i]),
    run: (x, mask) => stage.run(x, mask),
    dispose: () => stage.dispose(),
  };
}

import * as tf from "@tensorflow/tfjs";

/**
 * What of an epoch is no number any more: a loss that is NaN or infinite, or a weight that is, even one that the losses
 * don't show. Undefined for a sound epoch.
 */
export async function whatBroke(
  { trainingLoss, validationLoss }: { trainingLoss: number; validationLoss: number },
  variables: readonly tf.Variable[],
): Promise<string | undefined> {
  if (!Number.isFinite(trainingLoss)) return `the training loss became ${trainingLoss}`;
  if (!Number.isFinite(validationLoss)) return `the validation loss became ${validationLoss}`;
  // A number minus itself is 0, unless it is NaN or infinite; so the sum says of all weights at once whether they are sound.
  const difference = tf.tidy(() =>
    tf.addN(variables.map((variable) => variable.sub(variable).sum() as tf.Scalar)),
  );
  const [sum] = await difference.data();
  difference.dispose();
  return sum === 0 ? undefined : "a trained weight is no finite number any more";
}

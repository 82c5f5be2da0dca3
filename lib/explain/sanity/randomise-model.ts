import * as tf from "@tensorflow/tfjs";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";

/** A network whose trained variables are known by the part that they belong to, such as a `TransferModel`. */
export interface TrainedParts<Part extends string = string> {
  /** The variables of each part that is trained, from the input to the output. */
  readonly trainedParts: ReadonlyMap<Part, readonly tf.Variable[]>;
}

/**
 * The steps of a cascade, from the output back to the input: first the classifier, then the pooling too, then what lies
 * before it, of the parts that the model trains. Give each to `withRandomised` (Adebayo et al. 2018, "cascading
 * randomization").
 */
export function randomisationCascade<Part extends string>({ trainedParts }: TrainedParts<Part>): Part[][] {
  const parts = [...trainedParts.keys()].reverse();
  return parts.map((_, i) => parts.slice(0, i + 1));
}

/**
 * Does something with a model of which some parts are randomised, and puts them back as they were, also when it fails. An
 * explanation that stays the same does not depend on what these parts have learned.
 *
 * In every variable the numbers change places at random: its distribution stays, all it learned goes. Networks and
 * compiled steps of the model see it at their next call.
 *
 * Source: the model parameter randomisation test, Adebayo et al. 2018, section 3 (https://arxiv.org/abs/1810.03292).
 * Deviation: the paper initialises parts anew; here classifier and attention start at zeros, where every map is uniform
 * and nothing would be tested. What is frozen in the backbone stays; only what the transfer trained is randomised.
 *
 * @param seed decides the new places; each variable has a stream of its own, so that a cascade goes on from itself
 * @param work must be done with the model when it ends
 * @returns what `work` returns
 * @throws UserError for a part that the model does not train
 */
export async function withRandomised<Result, Part extends string>(
  model: TrainedParts<Part>,
  randomised: readonly Part[],
  seed: number,
  work: () => Result | Promise<Result>,
): Promise<Result> {
  const variables = randomised.flatMap((part) => {
    const own = model.trainedParts.get(part);
    if (own) return own.map((variable, i) => ({ variable, name: `randomised/${part}/${i}` }));
    throw new UserError(`This model trains no ${part}, so there is nothing to randomise. Leave it out.`);
  });
  const originals = variables.map(({ variable }) => variable.clone());
  try {
    for (const { variable, name } of variables) {
      const shuffled = randomStream(seed, name).shuffled(Array.from(await variable.data<"float32">()));
      tf.tidy(() => variable.assign(tf.tensor(shuffled, variable.shape)));
    }
    return await work();
  } finally {
    for (const [i, { variable }] of variables.entries()) variable.assign(originals[i]!);
    tf.dispose(originals);
  }
}

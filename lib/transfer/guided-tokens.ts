import { positionsOf } from "../backbones/grid";
import { randomStream } from "../runtime/random";
import { checkGivenWeights, type LabelledTokens } from "./labelled-tokens";

/**
 * A set for the pooling `given` under weights that another model found: training a new classifier on it shows what those
 * weights are worth by themselves, apart from the model that they came from. Hold it against `guidedUniformly`
 * and `guidedElsewhere`, with the same seed.
 *
 * Source: the diagnostic of Wiegreffe & Pinter 2019, section 3.4 (https://arxiv.org/abs/1908.04626), "guiding" a model that sees
 * no context by frozen attention weights. Deviation: their guided model trains an affine layer on words; here it is
 * the classifier alone, on frozen tokens.
 *
 * @param weights `[count, positions]`, such as `evaluate(model, set)` returns; not negative
 * @throws UserError for weights that are not one for each position, naming the first item of which one is broken or all
 *   are zero
 * @example
 * const { weights } = await evaluate(attention, training);
 * await fitRegime({ ...options, pooling: "given", training: guidedBy(training, weights), validation: … });
 */
export function guidedBy(set: LabelledTokens, weights: Float32Array): LabelledTokens {
  checkGivenWeights(weights, set.tokens);
  return { ...set, givenWeights: weights };
}

/** The control of {@link guidedBy} that prefers no position: what mean pooling does. */
export function guidedUniformly(set: LabelledTokens): LabelledTokens {
  const positions = positionsOf(set.tokens);
  return guidedBy(set, new Float32Array(set.tokens.count * positions).fill(1 / positions));
}

/**
 * The control of {@link guidedBy} that is as selective, but looks elsewhere: in every image the same weights on other
 * positions, at random. The control is ours.
 * @throws UserError as {@link guidedBy}
 */
export function guidedElsewhere(set: LabelledTokens, weights: Float32Array, seed: number): LabelledTokens {
  const guided = guidedBy(set, weights.slice());
  const positions = positionsOf(set.tokens);
  const stream = randomStream(seed, "guided elsewhere");
  for (let start = 0; start < weights.length; start += positions) {
    const own = Array.from(weights.subarray(start, start + positions));
    guided.givenWeights!.set(stream.shuffled(own), start);
  }
  return guided;
}

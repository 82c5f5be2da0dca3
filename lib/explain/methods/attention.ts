import { requireWhole } from "../../runtime/checks";
import type { CommonOptions, Question, RelevanceMap } from "../question";

/** Which of the pooling's weights are shown. */
export interface AttentionOptions extends CommonOptions {
  /**
   * The row of the weights that is shown, a head or a class, from 0. When left out: the target's own row where each
   * class has weights of its own, else the mean over the heads.
   */
  head?: number;
}

/**
 * The weights that the pooling itself declares, on the token grid. They say which tokens were averaged into the context, not
 * what the classifier made of it: unless each class has weights of its own, the map is the same for every target. Nor do
 * they say which pixels the decision came from: a token of a deep layer has seen most of the picture.
 *
 * Source: Bahdanau, Cho and Bengio 2015 (https://arxiv.org/abs/1409.0473), section 5.2.1, which shows α that way.
 * @throws UserError for a head that the pooling does not have
 */
export async function attention(question: Question, { head }: AttentionOptions): Promise<RelevanceMap> {
  const { rows, columns, headsAreClasses } = question.network;
  const { weights } = question.prediction;
  const [, heads, positions] = weights.shape;
  const values = await weights.data<"float32">();
  const rowOf = (index: number) => values.slice(index * positions, (index + 1) * positions);
  const chosen = head ?? (headsAreClasses ? question.target : undefined);
  if (chosen !== undefined)
    return { map: rowOf(requireWhole("The head of attention", chosen, 0, heads - 1)), rows, columns };
  const map = new Float32Array(positions);
  values.forEach((value, i) => {
    map[i % positions]! += value / heads;
  });
  return { map, rows, columns };
}

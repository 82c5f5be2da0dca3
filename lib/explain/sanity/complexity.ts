import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";

/**
 * How complex a map is: the entropy, in nats, of the histogram of its values. 0 for a map that is the same everywhere; the
 * logarithm of the number of bins where every value is as frequent as another.
 *
 * The histogram has √cells bins, rounded up, of equal width from the smallest to the largest value.
 * @throws UserError for a map that is none
 */
export function mapComplexity(explanation: RelevanceMap): number {
  requireMap(explanation);
  const { map } = explanation;
  const bins = Math.ceil(Math.sqrt(map.length));
  const smallest = map.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const largest = map.reduce((most, value) => Math.max(most, value), 0);
  if (largest === smallest) return 0;
  const counts = new Uint32Array(bins);
  for (const value of map)
    counts[Math.min(bins - 1, Math.floor(((value - smallest) / (largest - smallest)) * bins))]! += 1;
  return counts.reduce((sum, count) => {
    const share = count / map.length;
    return share > 0 ? sum - share * Math.log(share) : sum;
  }, 0);
}

/**
 * Efficient model parameter randomisation test: by how much a map becomes more complex when all that the model has learned is
 * randomised, as a share of its complexity before. Above 0 where the map depended on what was learned and is noise without
 * it; 0 where randomising changes nothing. NaN for a map that was the same everywhere before.
 *
 * Source: Hedström et al. 2024, "A fresh look at sanity checks for saliency maps" (https://arxiv.org/abs/2405.02383), section on
 * efficient MPRT. Deviations: √cells bins, since grids of 49 cells don't fill a hundred; and what is randomised is what the
 * transfer trained (see `withRandomised`), not the frozen backbone.
 * @param after the same method's map of the same image and class, under the randomised model
 * @throws UserError for a map that is none
 */
export function complexityRise(before: RelevanceMap, after: RelevanceMap): number {
  const complexity = mapComplexity(before);
  const later = mapComplexity(after);
  return complexity > 0 ? (later - complexity) / complexity : Number.NaN;
}

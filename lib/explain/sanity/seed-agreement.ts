import { UserError } from "../../runtime/user-error";
import { spearman } from "../correlation";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";
import { jensenShannon } from "./divergence";

/**
 * How much maps of one image agree that come from models of different seeds: means over all pairs. Where seeds that are
 * equally right disagree, a map says more of its seed than of the image.
 *
 * - `spearman`: rank correlation of the maps, −1 … 1; NaN where a map is the same everywhere
 * - `jensenShannon`: divergence in nats, 0 … ln 2, of the maps scaled to sum to one; the seed variance of Wiegreffe &
 *   Pinter 2019, section 3.3 (https://arxiv.org/abs/1908.04626), who hold the divergence of adversarial weights
 *   against it: what seeds reach by themselves is no manipulation
 *
 * @param explanations one for each seed, of the same image, on the same grid
 * @throws UserError for fewer than two maps, maps on different grids, or a map that is zero everywhere
 */
export function seedAgreement(explanations: readonly RelevanceMap[]): {
  spearman: number;
  jensenShannon: number;
} {
  if (explanations.length < 2) {
    throw new UserError(`Agreement needs the maps of two seeds or more, not of ${explanations.length}.`);
  }
  const { rows, columns } = explanations[0]!;
  const shares = explanations.map((explanation, seed) => {
    requireMap(explanation);
    if (explanation.rows !== rows || explanation.columns !== columns) {
      throw new UserError(
        `Map ${seed} has ${explanation.rows} × ${explanation.columns} cells, the first ${rows} × ${columns}. ` +
          "Bring them onto one grid with `poolMap`.",
      );
    }
    const total = explanation.map.reduce((sum, value) => sum + value, 0);
    if (total > 0) return Float64Array.from(explanation.map, (value) => value / total);
    throw new UserError(`Map ${seed} is zero everywhere and agrees with nothing. Leave this image out.`);
  });
  const pairs = shares.flatMap((first, i) => shares.slice(i + 1).map((second) => [first, second] as const));
  const meanOf = (score: (first: Float64Array, second: Float64Array) => number) =>
    pairs.reduce((sum, [first, second]) => sum + score(first, second), 0) / pairs.length;
  return { spearman: meanOf(spearman), jensenShannon: meanOf(jensenShannon) };
}

import { UserError } from "../../runtime/user-error";
import { spearman } from "../correlation";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";

/** How alike two maps are, by two measures. */
export interface MapSimilarity {
  /** Rank correlation, −1 … 1; NaN where a map is the same everywhere. */
  spearman: number;
  /** Structural similarity, −1 … 1. */
  ssim: number;
}

/** How maps are compared. */
export interface SimilarityOptions {
  /** Side of the square windows of the structural similarity, in cells, odd; 7, or the most that fits, by default. */
  window?: number;
}

/**
 * How alike two maps of one image are, such as before and after a model's weights were randomised: a map that stays the
 * same can't depend on what was learned.
 *
 * Source: Adebayo et al. 2018, "Sanity checks for saliency maps", section 3 (https://arxiv.org/abs/1810.03292). The
 * structural similarity is that of Wang et al. 2004 (https://doi.org/10.1109/TIP.2003.819861), equation 13, in flat
 * windows that lie within the map, with sample covariances, K₁ = 0.01, K₂ = 0.03 and maps divided by their largest value:
 * the numbers of scikit-image's `structural_similarity` with `data_range=1`.
 *
 * @throws UserError for maps on different grids, a map that is none, or a window that does not fit
 */
export function mapSimilarity(
  before: RelevanceMap,
  after: RelevanceMap,
  options: SimilarityOptions = {},
): MapSimilarity {
  requireMap(before);
  requireMap(after);
  const { rows, columns } = before;
  if (after.rows !== rows || after.columns !== columns) {
    throw new UserError(
      `Maps of ${rows} × ${columns} and ${after.rows} × ${after.columns} cells can't be compared. ` +
        "Bring them onto one grid with `poolMap`.",
    );
  }
  const most = Math.min(rows, columns);
  const window = options.window ?? Math.min(7, most - 1 + (most % 2));
  if (!(Number.isSafeInteger(window) && window % 2 === 1 && window >= 3 && window <= most)) {
    throw new UserError(
      `A window of ${window} cells does not fit a map of ${rows} × ${columns}. It is odd, at least 3, and no larger than the map.`,
    );
  }
  return {
    spearman: spearman(before.map, after.map),
    ssim: structuralSimilarity(toLargest(before), toLargest(after), rows, columns, window),
  };
}

function structuralSimilarity(
  first: Float64Array,
  second: Float64Array,
  rows: number,
  columns: number,
  window: number,
): number {
  const [c1, c2] = [0.01 ** 2, 0.03 ** 2];
  const count = window * window;
  let total = 0;
  for (let top = 0; top + window <= rows; top++) {
    for (let left = 0; left + window <= columns; left++) {
      let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
      for (let row = top; row < top + window; row++) {
        for (let cell = row * columns + left; cell < row * columns + left + window; cell++) {
          const [x, y] = [first[cell]!, second[cell]!];
          a += x / count;
          b += y / count;
          aa += x * x;
          bb += y * y;
          ab += x * y;
        }
      }
      const covariance = (ab - count * a * b) / (count - 1);
      const variances = (aa - count * a * a + bb - count * b * b) / (count - 1);
      total += ((2 * a * b + c1) * (2 * covariance + c2)) / ((a * a + b * b + c1) * (variances + c2));
    }
  }
  return total / ((rows - window + 1) * (columns - window + 1));
}

function toLargest({ map }: RelevanceMap): Float64Array {
  const largest = map.reduce((most, value) => Math.max(most, value), 0);
  return Float64Array.from(map, (value) => (largest > 0 ? value / largest : 0));
}

import { maskOnGrid } from "../../datasets/cutouts/mask-on-grid";
import type { PixelImage } from "../../images/pixel-image";
import { requireWhole } from "../../runtime/checks";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";
import { requireMask } from "./object-mask";

/**
 * The share of a map that lies on the object: Σ_i m_i·g_i / Σ_i m_i, where g_i is the share of cell i that the
 * object covers. A cell that is half object counts half, so that a coarse grid is not favoured.
 *
 * A map of the object's own cells is not at 1 but at the share of those cells that is object: `massCeiling`.
 * The uniform map gets the share of the image that is object. A map that is zero everywhere prefers no position
 * either, and is scored as the uniform one.
 *
 * Known as the energy-based pointing game for boxes (Wang et al. 2020, Score-CAM,
 * https://arxiv.org/abs/1910.01279); here with the exact mask.
 *
 * @param explanation map on a grid of any size; its scale does not matter
 * @param mask `[height, width, 1]`, 0 … 255, of the image that is explained
 * @returns 0 … 1
 * @throws UserError for a map that is none (see `RelevanceMap`) or an empty mask
 */
export function massInside(explanation: RelevanceMap, mask: PixelImage): number {
  requireMap(explanation);
  requireMask(mask);
  const { map, rows, columns } = explanation;
  const coverage = maskOnGrid(mask, rows, columns);
  const total = map.reduce((sum, value) => sum + value, 0);
  if (total === 0) return coverage.reduce((sum, share) => sum + share, 0) / coverage.length;
  return map.reduce((sum, value, cell) => sum + (value / total) * coverage[cell]!, 0);
}

/** The most that `massInside` can give on a grid: all of the map on the cell that the object covers most, 0 … 1. */
export function massCeiling(mask: PixelImage, rows: number, columns: number): number {
  requireMask(mask);
  requireWhole("The rows of a grid", rows, 1);
  requireWhole("The columns of a grid", columns, 1);
  return maskOnGrid(mask, rows, columns).reduce((most, share) => Math.max(most, share), 0);
}

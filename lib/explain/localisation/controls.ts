import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";

/**
 * The control that prefers no position: every cell gets the same, 1 / cells. What it scores is chance.
 * The third control, a network with random weights, is an explanation of an untrained model: make it with `explain`.
 */
export function uniformMap(rows: number, columns: number): RelevanceMap {
  requireGrid(rows, columns);
  return { map: new Float32Array(rows * columns).fill(1 / (rows * columns)), rows, columns };
}

/**
 * The control that looks at no image and bets on the middle, where photographers put things: a Gaussian around the
 * centre of the grid. Saliency benchmarks have held maps against it since Judd et al. 2012 ("A benchmark of
 * computational models of saliency to predict human fixations", MIT-CSAIL-TR-2012-001).
 *
 * @param width the Gaussian's standard deviation, as a share of the grid's height and of its width (so it is
 *   stretched with the image); a quarter by default, which falls to 13.5 % of its peak at the middle of each
 *   side. The width is ours.
 * @returns a map that sums to one
 */
export function centrePrior(rows: number, columns: number, width = 0.25): RelevanceMap {
  requireGrid(rows, columns);
  if (!(width > 0))
    throw new UserError(`A centre prior of width ${width} is none. Give a positive width, such as 0.25.`);
  const map = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const down = ((row + 0.5) / rows - 0.5) / width;
      const across = ((column + 0.5) / columns - 0.5) / width;
      map[row * columns + column] = Math.exp(-(down * down + across * across) / 2);
    }
  }
  const total = map.reduce((sum, value) => sum + value, 0);
  if (total === 0)
    throw new UserError(`A centre prior of width ${width} lies between the cells. Give a wider one.`);
  return { map: map.map((value) => value / total), rows, columns };
}

function requireGrid(rows: number, columns: number): void {
  requireWhole("The rows of a control", rows, 1, Number.MAX_SAFE_INTEGER);
  requireWhole("The columns of a control", columns, 1, Number.MAX_SAFE_INTEGER);
}

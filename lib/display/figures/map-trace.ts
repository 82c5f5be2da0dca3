import type { Data } from "plotly.js-dist";
import { poolMap } from "../../explain/map-size";
import type { PixelImage } from "../../images/pixel-image";
import { weightColour } from "../pictures/colour-map";
import { checkMap, type ImageMap, scaleTop, threeDigits } from "../pictures/image-map";

/** Rows and columns that a map inside a figure has at most, since a saved notebook keeps every number. */
const finestGrid = 28;

/** The colours of `overlayWeights` for Plotly. */
export const mapColourScale: [number, string][] = Array.from({ length: 17 }, (_, step) => [
  step / 16,
  `rgb(${weightColour(step / 16)
    .map(Math.round)
    .join(",")})`,
]);

/**
 * A map as it is drawn in a figure: as it is, or where it is finer than 28 × 28, as the means of 28 × 28 areas.
 * Numbers keep three digits.
 * @throws UserError as `checkMap`.
 */
export function figureGrid(one: ImageMap): { z: number[][]; reduced: boolean } {
  checkMap(one);
  const rows = Math.min(one.rows, finestGrid);
  const columns = Math.min(one.columns, finestGrid);
  const { map } = poolMap({ ...one, map: Float32Array.from(one.map) }, rows, columns);
  const z = Array.from({ length: rows }, (_, row) =>
    Array.from(map.subarray(row * columns, (row + 1) * columns), threeDigits),
  );
  return { z, reduced: rows < one.rows || columns < one.columns };
}

/** The top of a grid's own scale, as `overlayWeights` has it. */
export function gridMaximum(z: number[][]): number {
  return threeDigits(scaleTop({ map: z.flat(), rows: z.length, columns: z[0]!.length }));
}

/** "largest attention weight 0.213 in row 3, column 4 of 7 × 7" */
export function describePeak(z: number[][], quantity: string): string {
  const maximum = Math.max(...z.flat());
  const row = z.findIndex((values) => values.includes(maximum));
  const column = z[row]!.indexOf(maximum);
  return `largest ${quantity} ${maximum} in row ${row + 1}, column ${column + 1} of ${z.length} × ${z[0]!.length}`;
}

/**
 * The trace of a map over its photograph, whose axes are in the photograph's pixels (`picturePanel`): cells with
 * their numbers, and where each lies for whoever points at it.
 */
export function mapTrace(
  z: number[][],
  photograph: PixelImage,
  quantity: string,
): Partial<Data> & { type: "heatmap" } {
  const [dx, dy] = [photograph.width / z[0]!.length, photograph.height / z.length];
  return {
    type: "heatmap",
    z,
    x0: dx / 2,
    dx,
    y0: dy / 2,
    dy,
    zmin: 0,
    zmax: gridMaximum(z),
    zsmooth: false,
    colorscale: mapColourScale,
    hovertemplate:
      `${quantity} <b>%{z:.3~g}</b><br>cell around %{x:.0f}, %{y:.0f} ` +
      `of ${photograph.width} × ${photograph.height} pixels<extra></extra>`,
  } as Partial<Data> & { type: "heatmap" };
}

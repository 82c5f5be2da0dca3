/** The positions of an image, row by row. */
export interface ImageGrid {
  rows: number;
  columns: number;
}

/** Positions of any other kind, row-major: `[time]`, `[words]`, `[depth, rows, columns]`. */
export interface FreeGrid {
  grid: readonly number[];
}

/** Where positions lie. */
export type AnyGrid = ImageGrid | FreeGrid;

/** The sizes of a grid's axes: `[rows, columns]` of an image. */
export function gridOf(place: AnyGrid): readonly number[] {
  return "grid" in place ? place.grid : [place.rows, place.columns];
}

/** How many positions a grid has. */
export function positionsOf(place: AnyGrid): number {
  return gridOf(place).reduce((product, size) => product * size, 1);
}

import { UserError } from "../../runtime/user-error";

/** Where a method looked in one image. What `explain` returns is one, and so are attention weights with their grid. */
export interface ImageMap {
  /** Row-major `[rows, columns]`, finite, ≥ 0; larger is more relevant. */
  map: ArrayLike<number>;
  /** Of the token grid, or of the image's own resolution. */
  rows: number;
  columns: number;
}

/** @throws UserError when the grid is none, the numbers do not fill it, or one is negative or not finite. */
export function checkMap({ map, rows, columns }: ImageMap): void {
  if (![rows, columns].every((count) => Number.isInteger(count) && count > 0)) {
    throw new UserError(
      `A grid of ${rows} × ${columns} positions: rows and columns are whole numbers from 1 up.`,
    );
  }
  if (map.length !== rows * columns) {
    throw new UserError(
      `There are ${map.length} weights for a grid of ${rows} × ${columns} = ${rows * columns} positions.`,
    );
  }
  for (let index = 0; index < map.length; index++) {
    if (!(map[index]! >= 0) || !Number.isFinite(map[index])) {
      throw new UserError(
        `Weight ${index} is ${map[index]}. An overlay shows attention weights, which are finite and not negative.`,
      );
    }
  }
}

/** The largest value of a map, and 1 for one of zeros, which then stays without colour. */
export function largestValue({ map }: ImageMap): number {
  let largest = 0;
  for (let index = 0; index < map.length; index++) largest = Math.max(largest, map[index]!);
  return largest > 0 ? largest : 1;
}

/** A number with three digits, as it stands in captions, hover texts and saved notebooks. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}

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

/** What the scale of an even map has above its one value: such a map says nothing and has to look quiet. */
const evenMapsTop = 4;

/**
 * The top of a map's own scale: its largest value, or four times its mean where that is more, so that an even map lies
 * low on its scale, and small differences stay small. It is 1 for a map of zeros.
 */
export function scaleTop({ map }: ImageMap): number {
  let largest = 0;
  let sum = 0;
  for (let index = 0; index < map.length; index++) {
    largest = Math.max(largest, map[index]!);
    sum += map[index]!;
  }
  return largest > 0 ? Math.max(largest, (evenMapsTop * sum) / map.length) : 1;
}

/** A number with three digits, as it stands in captions, hover texts and saved notebooks. */
export function threeDigits(value: number): number {
  return Number(value.toPrecision(3));
}

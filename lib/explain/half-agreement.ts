import { spearman } from "./correlation";
import { poolMap } from "./map-size";
import type { Question } from "./question";

/** The rank correlation from which on the maps of two halves of the samples agree. */
export const AGREED = 0.9;

/**
 * Spearman's correlation of the maps that two halves of a method's samples make, on the network's token grid, where maps are
 * compared: single pixels may still be grainy. A half that is the same everywhere agrees with nothing: 0.
 * @param one @param other maps at the image's resolution
 */
export function halfAgreement({ network }: Question, one: Float32Array, other: Float32Array): number {
  const { inputSize, rows, columns } = network;
  const onGrid = (map: Float32Array) =>
    poolMap({ map, rows: inputSize, columns: inputSize }, rows, columns).map;
  return rows * columns > 1 ? spearman(onGrid(one), onGrid(other)) || 0 : 1;
}

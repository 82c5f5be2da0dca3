import { areaMeans } from "../images/area-means";
import { resample } from "../images/resample";
import { firstNotFinite, requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import type { RelevanceMap } from "./question";

/**
 * A map on another grid, each cell the mean of the area that it covers; a value on the border of two cells counts in
 * proportion. It brings maps of all methods onto the token grid, where they can be compared.
 * @throws UserError for sizes that are none, or a map that does not have them or is not finite
 */
export function poolMap(
  { map, rows, columns }: RelevanceMap,
  toRows: number,
  toColumns: number,
): RelevanceMap {
  for (const side of [rows, columns, toRows, toColumns]) requireWhole("A side of a map, in cells,", side, 1);
  if (map.length !== rows * columns || firstNotFinite(map) >= 0) {
    throw new UserError(
      `The map has ${map.length} values for ${rows} × ${columns} cells, or one that is not finite. Give a number for each.`,
    );
  }
  return {
    map: areaMeans(map, [rows, columns], [toRows, toColumns]),
    rows: toRows,
    columns: toColumns,
  };
}

/**
 * A map enlarged bilinearly: a cell's value lies at its centre, and beyond the outermost centres the outermost value
 * goes on (`align_corners=False` in PyTorch's words). It never leaves the range of the values.
 */
export function enlargeMap(
  { map, rows, columns }: RelevanceMap,
  toRows: number,
  toColumns: number,
): RelevanceMap {
  const samples = { width: columns, height: rows, channels: 1, data: map };
  const whole = { left: 0, top: 0, width: columns, height: rows };
  return { map: resample(samples, whole, toColumns, toRows).data, rows: toRows, columns: toColumns };
}

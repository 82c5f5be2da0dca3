import { requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";
import { enlargeMap } from "./map-size";
import type { RelevanceMap } from "./question";

/** @throws UserError for a map whose length is not rows × columns, or with a number that is negative or not finite. */
export function requireMap({ map, rows, columns }: RelevanceMap): void {
  requireWhole("The rows of a map", rows, 1);
  requireWhole("The columns of a map", columns, 1);
  if (!ArrayBuffer.isView(map))
    throw new UserError("The map must be a Float32Array. Make one with `Float32Array.from`.");
  if (map.length !== rows * columns || map.length === 0) {
    throw new UserError(
      `The map has ${map.length} values for a grid of ${rows} × ${columns} = ${rows * columns} cells. ` +
        "Give one for each.",
    );
  }
  const wrong = map.findIndex((value) => !(value >= 0 && Number.isFinite(value)));
  if (wrong >= 0) {
    throw new UserError(
      `Value ${wrong} of the map is ${map[wrong]}. Relevance is finite and not negative: ` +
        "cut off what is negative, or take its size, first.",
    );
  }
}

/** The relevance of every pixel of an image, row-major `[height, width]`: the map, enlarged bilinearly. */
export function relevanceOfPixels(explanation: RelevanceMap, width: number, height: number): Float32Array {
  const { map, rows, columns } = explanation;
  if (rows === height && columns === width) return map;
  // Interpolation rounds, and would make peaks of the last digit where a map has none.
  if (map.every((value) => value === map[0])) return new Float32Array(width * height).fill(map[0]!);
  return enlargeMap(explanation, height, width).map;
}

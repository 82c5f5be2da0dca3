import type { SeedData } from "../cutout-scenes/seed-data";
import type { ExamplePicture, ExampleSheet } from "../experiment";
import { METHODS } from "./plan";
import type { RegimeResult } from "./run-regime";

/** How many of the explained scenes are shown. */
const SHOWN = 2;

/**
 * The first explained scenes of a seed, a row for each model: the scene with the model's answer, then the map of every
 * method. They come in the random order of the test part: nobody chose them.
 */
export function examplePictures(
  runs: readonly { regime: string; result: RegimeResult }[],
  data: SeedData,
): ExampleSheet {
  const rows = Array.from({ length: SHOWN }, (_, index) => {
    const { image, mask, className, label } = data.sceneAt("test", index);
    return runs.map(({ regime, result }): ExamplePicture[] => {
      const predicted = result.predicted[index]!;
      const verdict = predicted === label ? "right" : `wrong: ${spaced(data.classes[predicted]!)}`;
      const bare = { image, mask, caption: `${spaced(className)}; ${regime}, ${verdict}` };
      const methods = METHODS.filter(({ explain }) => explain);
      const explained = methods.map(({ name }): ExamplePicture => {
        const values = result.lines.find(({ method }) => method === name)!.maps[index]!;
        return {
          image,
          mask,
          caption: name,
          map: { values: aboveLowest(values), rows: result.rows, columns: result.columns },
        };
      });
      return [bare, ...explained];
    });
  });
  return { rows: rows.flat(), cellSize: 128 };
}

/** A map without its floor, which would hide the rest: RISE gives every position the mean over its masks. */
function aboveLowest(values: readonly number[]): number[] {
  const lowest = Math.min(...values);
  return values.map((value) => value - lowest);
}

function spaced(className: string): string {
  return className.replaceAll("-", " ");
}

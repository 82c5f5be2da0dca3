import type { SeedData } from "../cutout-scenes/seed-data";
import type { ExamplePicture, ExampleSheet } from "../experiment";
import type { Setting } from "./grid";
import type { SettingResult } from "./run-setting";

/** How many of the recorded examples are shown. */
const SHOWN = 6;

/**
 * The first test images of a seed, bare in the first row, and below them where each regime's attention looked. They
 * come in the random order of the test part: nobody chose them.
 */
export function examplePictures(
  runs: { setting: Setting; result: SettingResult }[],
  data: SeedData,
): ExampleSheet {
  const scenes = Array.from({ length: SHOWN }, (_, i) => data.sceneAt("test", i));
  const bare = scenes.map(({ image, mask, className }) => ({ image, mask, caption: spaced(className) }));
  const attentive = runs.filter(({ setting }) => setting.pooling === "attention");
  const looked = attentive.map(({ setting, result }) =>
    result.examples.slice(0, SHOWN).map(({ predicted, weights }, i): ExamplePicture => {
      const { image, mask, label } = scenes[i]!;
      const side = Math.sqrt(weights.length);
      const verdict = predicted === label ? "right" : `wrong: ${spaced(data.classes[predicted]!)}`;
      return {
        image,
        mask,
        caption: `${setting.regime}, ${verdict}`,
        map: { values: weights, rows: side, columns: side },
      };
    }),
  );
  return { rows: [bare, ...looked], cellSize: 168 };
}

function spaced(className: string): string {
  return className.replaceAll("-", " ");
}

import type { PixelImage } from "../../images/pixel-image";
import type { PhotographPrediction } from "../../node/own-photographs/photograph-model";
import { photographMap } from "./photograph-map";
import { saveImages } from "./save-images";
import { weightScale } from "./weight-scale";

/**
 * Saves what a model says of a photograph as a PNG: the whole photograph, the part that the network saw, where in it the model
 * looked, and the answer below.
 * @param prediction with a map
 * @throws UserError when the file can't be written
 */
export async function savePhotographMap(
  file: string,
  photograph: PixelImage,
  { map, crop, label, probability, noneOfThese }: PhotographPrediction & { map: object },
): Promise<void> {
  const { image, maximum } = await photographMap(photograph, map!, crop);
  const guess = `${label}, ${(probability * 100).toFixed(0)} %`;
  await saveImages(
    file,
    [
      {
        image,
        scale: await weightScale(maximum, "attention weight"),
        caption: `${noneOfThese ? `none of these (the nearest is ${guess})` : guess}. Framed: what the network saw.`,
      },
    ],
    { cellSize: Math.max(image.width, image.height) },
  );
}

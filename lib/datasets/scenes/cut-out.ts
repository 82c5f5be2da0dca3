import { gaussianWeights } from "../../images/blur";
import type { PixelImage } from "../../images/pixel-image";
import { premultiplied } from "../../images/premultiplied";
import { type FloatSamples, type Rectangle, resample } from "../../images/resample";

/** The standard deviation of the blur by which edges are feathered, in pixels of the canvas. */
export const featherDeviation = 0.7;

/** What fills a silhouette: a piece of a photograph. */
interface Fill {
  /** `[height, width, 3]` */
  image: PixelImage;
  piece: Rectangle & { mirrored: boolean };
}

/**
 * A thing at its size on the canvas, its edge feathered: colours times opacity and the opacity, `[height, width, 4]`,
 * 0 … 255.
 *
 * With a fill the thing's colours are replaced by the photograph's, and nothing else is done differently: size, opacity and
 * edge come from the thing by the same steps.
 *
 * @param image the thing, `[height, width, 4]`
 */
export function cutOut(
  image: PixelImage,
  { width, height, mirrored }: { width: number; height: number; mirrored: boolean },
  fill?: Fill,
): FloatSamples {
  const whole = { left: 0, top: 0, width: image.width, height: image.height };
  const thing = resample(premultiplied(image), whole, width, height, mirrored);
  if (fill) {
    const { data } = resample(fill.image, fill.piece, width, height, fill.piece.mirrored);
    for (let pixel = 0; pixel < width * height; pixel++) {
      const opacity = thing.data[pixel * 4 + 3]! / 255;
      for (let channel = 0; channel < 3; channel++)
        thing.data[pixel * 4 + channel] = data[pixel * 3 + channel]! * opacity;
    }
  }
  feather(thing);
  return thing;
}

/**
 * Makes an edge softer towards the inside: opacity, and colour with it, times the blurred opacity. So the edge fades over
 * about a pixel and a half, none of what the thing was once cut from shows beyond it, and nothing reaches out of its box.
 */
function feather({ width, height, data }: FloatSamples): void {
  const weights = gaussianWeights(featherDeviation);
  const reach = (weights.length - 1) / 2;
  const across = new Float32Array(width * height);
  const both = new Float32Array(width * height);
  // Outside of the box the opacity is 0, so what touches the box's border is feathered there too.
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (let tap = Math.max(-reach, -column); tap <= Math.min(reach, width - 1 - column); tap++)
        sum += weights[tap + reach]! * data[(row * width + column + tap) * 4 + 3]!;
      across[row * width + column] = sum;
    }
  }
  for (let row = 0; row < height; row++) {
    for (let tap = Math.max(-reach, -row); tap <= Math.min(reach, height - 1 - row); tap++) {
      const source = (row + tap) * width;
      const weight = weights[tap + reach]!;
      for (let column = 0; column < width; column++)
        both[row * width + column]! += weight * across[source + column]!;
    }
  }
  for (let pixel = 0; pixel < width * height; pixel++) {
    const share = both[pixel]! / 255;
    for (let channel = 0; channel < 4; channel++) data[pixel * 4 + channel]! *= share;
  }
}

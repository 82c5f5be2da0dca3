import { UserError } from "../runtime/user-error";
import type { PixelImage } from "./pixel-image";

/** The Gaussian is cut off where it falls below this share of its height. */
const SMALLEST_WEIGHT = 0.01;

/**
 * The image blurred by a Gaussian, first along the rows and then along the columns; beyond its border the image is
 * continued by its outermost pixels. Plain arithmetic in a fixed order: the same bytes on every machine.
 * Results are cut to whole numbers, not rounded, as libvips cuts them.
 *
 * @param deviation the Gaussian's standard deviation in pixels, above 0
 * @throws UserError for another deviation
 */
export function blurImage(image: PixelImage, deviation: number): PixelImage {
  if (!(deviation > 0 && Number.isFinite(deviation)))
    throw new UserError(`A blur of ${deviation} pixels is none. Give a standard deviation above 0.`);
  const { width, height, channels, data } = image;
  const weights = gaussianWeights(deviation);
  const reach = (weights.length - 1) / 2;
  const along = (
    values: ArrayLike<number>,
    length: number,
    step: number,
    start: number,
    out: Float32Array,
  ) => {
    for (let at = 0; at < length; at++) {
      let sum = 0;
      for (let tap = -reach; tap <= reach; tap++) {
        const source = Math.min(length - 1, Math.max(0, at + tap));
        sum += weights[tap + reach]! * values[start + source * step]!;
      }
      out[start + at * step] = sum;
    }
  };
  const across = new Float32Array(data.length);
  const both = new Float32Array(data.length);
  for (let row = 0; row < height; row++)
    for (let channel = 0; channel < channels; channel++)
      along(data, width, channels, row * width * channels + channel, across);
  for (let column = 0; column < width; column++)
    for (let channel = 0; channel < channels; channel++)
      along(across, height, width * channels, column * channels + channel, both);
  return { ...image, data: Uint8Array.from(both) };
}

/** The weights of a Gaussian at whole pixels around its middle, an odd number of them; they sum to one. */
export function gaussianWeights(deviation: number): Float32Array {
  const heights = [1];
  for (let distance = 1; ; distance++) {
    const height = Math.exp(-(distance ** 2) / (2 * deviation ** 2));
    if (height < SMALLEST_WEIGHT) break;
    heights.push(height);
  }
  const whole = [...heights.slice(1).reverse(), ...heights];
  const sum = whole.reduce((total, height) => total + height, 0);
  return Float32Array.from(whole, (height) => height / sum);
}

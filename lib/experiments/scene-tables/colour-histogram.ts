import type { PixelImage } from "../../images/pixel-image";

const LEVELS = 6;

/** Length of a colour histogram: six levels each of red, green and blue. */
export const HISTOGRAM_BINS = LEVELS ** 3;

/**
 * The share of pixels in each of 6 × 6 × 6 boxes of colours: all that is known here of a scene is its colours, so
 * a classifier on it is the floor that features have to leave below them.
 * @param image `[height, width, 3]`
 * @returns 216 shares that sum to one
 */
export function colourHistogram({ data }: PixelImage): Float32Array {
  const counts = new Float32Array(HISTOGRAM_BINS);
  const level = (value: number) => Math.floor((value * LEVELS) / 256);
  for (let i = 0; i < data.length; i += 3) {
    counts[(level(data[i]!) * LEVELS + level(data[i + 1]!)) * LEVELS + level(data[i + 2]!)]!++;
  }
  return counts.map((count) => (count * 3) / data.length);
}

/** Pixels as numbers: `data` is row-major `[height, width, channels]`; not rounded, not clipped. */
export interface Samples {
  width: number;
  height: number;
  channels: number;
  data: Float32Array | Uint8Array;
}

/** Samples that were computed. */
export interface FloatSamples extends Samples {
  data: Float32Array;
}

/** A rectangle of an image, in its pixels. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** For every output position, the first input position that it sees and the weights from there on. */
interface Taps {
  first: Int32Array;
  count: number;
  weights: Float32Array;
}

/**
 * A rectangle of an image at another size: bilinear, with a kernel that widens when it reduces, so nothing aliases.
 *
 * Plain arithmetic in a fixed order: the same digits on every processor, which a composite made from a seed
 * needs (sharp's vectorised kernels may differ in a last bit between processors).
 *
 * @param width @param height of the result, in pixels
 * @param mirrored whether left and right change places
 */
export function resample(
  image: Samples,
  rectangle: Rectangle,
  width: number,
  height: number,
  mirrored = false,
): FloatSamples {
  const { channels } = image;
  const { first, count, weights } = tapsOf(rectangle.width, width);
  const down = tapsOf(rectangle.height, height);

  const narrow = new Float32Array(rectangle.height * width * channels);
  // A row is copied first: bytes and floats then go through the same loop, which the compiler turns into fast code.
  const line = new Float32Array(rectangle.width * channels);
  for (let row = 0; row < rectangle.height; row++) {
    const start = ((row + rectangle.top) * image.width + rectangle.left) * channels;
    line.set(image.data.subarray(start, start + line.length));
    for (let column = 0; column < width; column++) {
      const target = (row * width + (mirrored ? width - 1 - column : column)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let source = first[column]! * channels + channel;
        let sum = 0;
        for (let tap = 0; tap < count; tap++) {
          sum += weights[column * count + tap]! * line[source]!;
          source += channels;
        }
        narrow[target + channel] = sum;
      }
    }
  }

  const data = new Float32Array(height * width * channels);
  const rowLength = width * channels;
  for (let row = 0; row < height; row++) {
    const target = row * rowLength;
    for (let tap = 0; tap < down.count; tap++) {
      const weight = down.weights[row * down.count + tap]!;
      if (weight === 0) continue;
      const source = (down.first[row]! + tap) * rowLength;
      for (let index = 0; index < rowLength; index++)
        data[target + index]! += weight * narrow[source + index]!;
    }
  }
  return { width, height, channels, data };
}

/** The triangle kernel's weights between two lengths, each output's weights adding up to 1. */
function tapsOf(from: number, to: number): Taps {
  const scale = from / to;
  const reach = Math.max(1, scale);
  const count = Math.min(from, Math.ceil(2 * reach));
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let position = 0; position < to; position++) {
    const centre = (position + 0.5) * scale;
    const start = Math.min(Math.max(0, Math.ceil(centre - reach - 0.5)), from - count);
    const heights: number[] = [];
    let total = 0;
    for (let tap = 0; tap < count; tap++) {
      const height = Math.max(0, 1 - Math.abs(start + tap + 0.5 - centre) / reach);
      heights.push(height);
      total += height;
    }
    first[position] = start;
    for (let tap = 0; tap < count; tap++) weights[position * count + tap] = heights[tap]! / total;
  }
  return { first, count, weights };
}

import type { PixelImage } from "../../images/pixel-image";

/** The cell of a grid that each pixel of an image belongs to, by the pixel's centre: row-major `[height, width]`. */
export function cellOfPixels({ width, height }: PixelImage, rows: number, columns: number): Uint32Array {
  return Uint32Array.from({ length: width * height }, (_, pixel) => {
    const row = Math.floor(((Math.floor(pixel / width) + 0.5) * rows) / height);
    const column = Math.floor((((pixel % width) + 0.5) * columns) / width);
    return row * columns + column;
  });
}

/** The first image with the second one's pixels wherever `fromSecond` says so; both of one size. */
export function mixImages(
  first: PixelImage,
  second: PixelImage,
  fromSecond: (pixel: number) => boolean,
): PixelImage {
  const { channels } = first;
  const data = first.data.slice();
  for (let start = 0; start < data.length; start += channels) {
    if (!fromSecond(start / channels)) continue;
    for (let channel = 0; channel < channels; channel++)
      data[start + channel] = second.data[start + channel]!;
  }
  return { ...first, data };
}

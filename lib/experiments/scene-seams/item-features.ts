import type { PixelImage } from "../../images/pixel-image";
import type { Rectangle } from "../../images/resample";

/** One thing of a finished scene: where it is, and what can be seen of it. */
export interface SceneItem {
  /** The finished scene, `[224, 224, 3]`. */
  image: PixelImage;
  /** Of this thing alone, `[224, 224, 1]`, 0 … 255. */
  mask: PixelImage;
  box: Rectangle;
}

/** What a box says by itself: longer side, shorter side, left, top, aspect and area. */
export function boxFeatures({ left, top, width, height }: Rectangle): number[] {
  return [Math.max(width, height), Math.min(width, height), left, top, width / height, width * height];
}

/** How far around a thing its surroundings are looked at, in pixels; the boxes of two things are at least 4 apart. */
const MARGIN = 3;
/** An opacity below the one counts as outside, above the other as inside; what is between is the edge. */
const OUTSIDE = 13;
const INSIDE = 242;

/**
 * What an edge could betray, measured along it, inside of it and just outside: how much the brightness changes from pixel to
 * pixel (mean gradient), how rough it is (mean absolute Laplacian), and how much it varies.
 *
 * @returns the logarithms of these for the three zones, 9 numbers
 */
export function edgeFeatures({ image, mask, box }: SceneItem): number[] {
  const { width: side } = image;
  const light = (place: number) =>
    0.299 * image.data[place * 3]! + 0.587 * image.data[place * 3 + 1]! + 0.114 * image.data[place * 3 + 2]!;
  const zones = Array.from({ length: 3 }, () => ({ count: 0, sum: 0, squares: 0, gradient: 0, rough: 0 }));
  const [top, bottom] = [
    Math.max(1, box.top - MARGIN),
    Math.min(image.height - 1, box.top + box.height + MARGIN),
  ];
  const [left, right] = [Math.max(1, box.left - MARGIN), Math.min(side - 1, box.left + box.width + MARGIN)];
  for (let row = top; row < bottom; row++) {
    for (let column = left; column < right; column++) {
      const place = row * side + column;
      const opacity = mask.data[place]!;
      const zone = zones[opacity < OUTSIDE ? 0 : opacity < INSIDE ? 1 : 2]!;
      const here = light(place);
      const [above, below] = [light(place - side), light(place + side)];
      const [before, after] = [light(place - 1), light(place + 1)];
      zone.count++;
      zone.sum += here;
      zone.squares += here * here;
      zone.gradient += Math.hypot(after - before, below - above) / 2;
      zone.rough += Math.abs(4 * here - above - below - before - after);
    }
  }
  return zones.flatMap(({ count, sum, squares, gradient, rough }) => {
    const n = Math.max(1, count);
    const deviation = Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2));
    return [gradient / n, rough / n, deviation].map((value) => Math.log1p(value));
  });
}

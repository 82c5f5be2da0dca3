import type { Rectangle } from "../../images/resample";
import type { RandomStream } from "../../runtime/random";
import { canvasSide, leastGap, longestSize, shortestSize } from "./layout";

/** How often a place is drawn for one thing before all sizes are drawn anew. */
const triesForPlace = 50;
/** How often all sizes are drawn: seven things, one of them of 96 pixels, took 77 draws at the most and 13 on average. */
const triesForSizes = 10_000;

/**
 * Draws the boxes of the things of a scene: sizes (the longer side) and places, both uniform, such that all lie within the
 * canvas and none comes near another.
 *
 * All things follow one law. Sizes are drawn together, and drawn anew together where the things don't fit; who is placed
 * first is drawn by lot. So size and place don't say which of the things is the target.
 *
 * @param shapes the width and height of each thing, in any unit: only their ratio counts
 * @param fixedSize a size in pixels for the first of them, which is then not drawn; the others' are drawn given that
 * @returns the boxes in whole pixels, in the order of the shapes
 */
export function placeThings(
  shapes: readonly { width: number; height: number }[],
  stream: RandomStream,
  fixedSize?: number,
): Rectangle[] {
  for (let attempt = 0; attempt < triesForSizes; attempt++) {
    const sizes = shapes.map((shape, index) => {
      const drawn = shortestSize + stream.integer(longestSize - shortestSize + 1);
      return sized(shape, index === 0 && fixedSize !== undefined ? fixedSize : drawn);
    });
    const boxes = placed(sizes, stream);
    if (boxes) return boxes;
  }
  throw new Error(`${shapes.length} things found no room in ${triesForSizes} draws of their sizes.`);
}

function sized(shape: { width: number; height: number }, size: number): { width: number; height: number } {
  const scale = size / Math.max(shape.width, shape.height);
  return {
    width: Math.max(1, Math.round(shape.width * scale)),
    height: Math.max(1, Math.round(shape.height * scale)),
  };
}

/** Places for all, one after the other in an order drawn by lot; nothing where one of them finds none. */
function placed(
  sizes: readonly { width: number; height: number }[],
  stream: RandomStream,
): Rectangle[] | undefined {
  const boxes: Rectangle[] = [];
  const result: Rectangle[] = [];
  for (const index of stream.shuffled([...sizes.keys()])) {
    const box = freeBox(sizes[index]!, boxes, stream);
    if (!box) return undefined;
    boxes.push(box);
    result[index] = box;
  }
  return result;
}

function freeBox(
  { width, height }: { width: number; height: number },
  taken: readonly Rectangle[],
  stream: RandomStream,
): Rectangle | undefined {
  for (let attempt = 0; attempt < triesForPlace; attempt++) {
    const box = {
      left: stream.integer(canvasSide - width + 1),
      top: stream.integer(canvasSide - height + 1),
      width,
      height,
    };
    if (taken.every((other) => apart(box, other))) return box;
  }
  return undefined;
}

function apart(one: Rectangle, other: Rectangle): boolean {
  return (
    one.left + one.width + leastGap <= other.left ||
    other.left + other.width + leastGap <= one.left ||
    one.top + one.height + leastGap <= other.top ||
    other.top + other.height + leastGap <= one.top
  );
}

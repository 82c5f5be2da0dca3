import * as tf from "@tensorflow/tfjs";
import type { Backbone, CutPoint } from "../backbones/backbone";
import { compile } from "../graph/compile";
import type { PixelImage } from "../images/pixel-image";
import type { OnProgress } from "../runtime/progress";
import { UserError } from "../runtime/user-error";
import { refuseNotFinite } from "./labelled-tokens";
import type { TokenSet } from "./tokens";

/** Images that can be made or read one by one, in any order and as often as wanted. */
export interface ImageSource {
  count: number;
  /** Changes whenever any pixel of any image would: part of the name under which features are cached. */
  digest: string;
  /** The image at `index`, `[inputSize, inputSize, 3]` as the backbone expects it. */
  load(index: number): Promise<PixelImage>;
}

// Large enough to keep all cores busy, small enough for a laptop's memory. It is no option because the size of a
// batch can change the last digit of a token, and equal settings are to give equal digits.
const BATCH_SIZE = 32;

/**
 * Runs images through a frozen backbone up to a cut point. While one batch is computed, the next is decoded.
 * @throws UserError for an unknown cut point, an image of another size than the backbone's input, or one whose features
 *   are not finite; the image is named.
 */
export async function extractTokens(
  backbone: Backbone,
  cut: string,
  source: ImageSource,
  onProgress?: OnProgress,
): Promise<TokenSet> {
  const { rows, columns, channels } = findCut(backbone, cut);
  const size = rows * columns * channels;
  const data = new Float32Array(source.count * size);
  const side = backbone.inputSize;
  // Compiled anew for each extraction, so that its digits don't depend on what ran before.
  const forward = compile(({ pixels }) => backbone.run(backbone.preprocess(pixels), "input", cut), {
    inputs: { pixels: [null, side, side, 3] },
  });
  try {
    let upcoming = loadBatch(source, 0);
    for (let start = 0; start < source.count; start += BATCH_SIZE) {
      const images = await upcoming;
      upcoming = loadBatch(source, start + BATCH_SIZE);
      // Awaited in the next round: a failure that comes earlier must not count as unhandled.
      upcoming.catch(() => {});
      const grids = tf.tidy(() => forward({ pixels: stackImages(images, start, side) }));
      const values = await grids.data<"float32">();
      grids.dispose();
      refuseOtherSize(backbone, cut, values.length, images.length * size);
      refuseNotFinite(values, size, channels, start);
      data.set(values, start * size);
      onProgress?.(start + images.length, source.count);
    }
  } finally {
    forward.dispose();
  }
  return { data, count: source.count, rows, columns, channels };
}

/** A backbone of one's own may describe a cut point otherwise than it computes it. */
function refuseOtherSize({ name }: Backbone, cut: string, numbers: number, expected: number): void {
  if (numbers === expected) return;
  throw new UserError(
    `${name} gives ${numbers} numbers at its cut point "${cut}" for a batch that should have ${expected}. ` +
      "Describe the cut point with the rows, columns and channels that it has.",
  );
}

/** @throws UserError when the backbone has no cut point of this name. */
export function findCut(backbone: Backbone, cut: string): CutPoint {
  const found = backbone.cutPoints.find(({ name }) => name === cut);
  if (found) return found;
  const names = backbone.cutPoints.map(({ name }) => name).join(", ");
  throw new UserError(`${backbone.name} has no cut point "${cut}". Choose one of ${names}.`);
}

function loadBatch(source: ImageSource, start: number): Promise<PixelImage[]> {
  const count = Math.max(0, Math.min(BATCH_SIZE, source.count - start));
  // Async, so that a `load` that throws at once counts like one that rejects.
  return Promise.all(Array.from({ length: count }, async (_, i) => source.load(start + i)));
}

/** Pixels as `[batch, side, side, 3]`, 0 … 255; `first` is the number of the first of these images in the source. */
function stackImages(images: PixelImage[], first: number, side: number): tf.Tensor4D {
  const pixels = new Float32Array(images.length * side * side * 3);
  images.forEach((image, i) => {
    if (image.width !== side || image.height !== side || image.channels !== 3) {
      throw new UserError(
        `Image ${first + i}, counted from 0, has ${image.width}×${image.height} pixels and ${image.channels} channels; ` +
          `the backbone takes ${side}×${side} and 3. Resize it first.`,
      );
    }
    pixels.set(image.data, i * side * side * 3);
  });
  return tf.tensor4d(pixels, [images.length, side, side, 3]);
}

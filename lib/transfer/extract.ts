import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import { compile } from "../graph/compile";
import type { PixelImage } from "../images/pixel-image";
import { stackImages } from "../images/stack-images";
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
      const grids = tf.tidy(() => forward({ pixels: stackImages(images, side, start) }));
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

function loadBatch(source: ImageSource, start: number): Promise<PixelImage[]> {
  const count = Math.max(0, Math.min(BATCH_SIZE, source.count - start));
  // Async, so that a `load` that throws at once counts like one that rejects.
  return Promise.all(Array.from({ length: count }, async (_, i) => source.load(start + i)));
}

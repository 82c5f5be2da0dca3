import type { Backbone, InputBackbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import type { FreeGrid } from "../backbones/grid";
import { compile } from "../graph/compile";
import type { PixelImage } from "../images/pixel-image";
import { stackImages } from "../images/stack-images";
import { computeInBatches, indexBatches, loadAhead } from "../runtime/batches";
import type { OnProgress } from "../runtime/progress";
import { refuseNotFinite } from "./check-tokens";
import { extractInputs } from "./extract-inputs";
import { type InputSource, requireSource } from "./input-source";
import { refuseOtherSize } from "./other-size";
import type { TokenSet } from "./tokens";

/** Images that can be made or read one by one, `[inputSize, inputSize, 3]` as the backbone expects them. */
export interface ImageSource extends InputSource<PixelImage> {}

// Large enough to keep all cores busy, small enough for a laptop's memory. It is no option because the size of a
// batch can change the last digit of a token, and equal settings are to give equal digits.
const BATCH_SIZE = 32;

/**
 * Runs images, or whatever else a backbone takes, through the frozen backbone up to a cut point. While one batch is
 * computed, the next is decoded.
 * @throws UserError for an unknown cut point, an image of another size than the backbone's input, or one whose features
 *   are not finite; the image is named.
 */
export async function extractTokens(
  backbone: Backbone,
  cut: string,
  source: ImageSource,
  onProgress?: OnProgress,
): Promise<TokenSet>;
export async function extractTokens<Input>(
  backbone: InputBackbone<Input>,
  cut: string,
  source: InputSource<Input>,
  onProgress?: OnProgress,
): Promise<TokenSet<FreeGrid>>;
export async function extractTokens<Input>(
  backbone: Backbone | InputBackbone<Input>,
  cut: string,
  source: ImageSource | InputSource<Input>,
  onProgress?: OnProgress,
): Promise<TokenSet | TokenSet<FreeGrid>> {
  requireSource(source);
  if ("stack" in backbone)
    return extractInputs(backbone, cut, source as InputSource<Input>, BATCH_SIZE, onProgress);
  return extractImages(backbone, cut, source as ImageSource, onProgress);
}

async function extractImages(
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
  const batches = loadAhead(indexBatches(source.count, BATCH_SIZE), (index) => source.load(index));
  let done = 0;
  const compute = (images: PixelImage[]) => ({
    grids: forward({ pixels: stackImages(images, side, done) }),
  });
  try {
    for await (const { batch, values } of computeInBatches(batches, compute)) {
      refuseOtherSize(backbone, cut, values.grids.length, batch.length * size);
      refuseNotFinite(values.grids as Float32Array, size, channels, done);
      data.set(values.grids, done * size);
      done += batch.length;
      onProgress?.(done, source.count);
    }
  } finally {
    forward.dispose();
  }
  return { data, count: source.count, rows, columns, channels };
}

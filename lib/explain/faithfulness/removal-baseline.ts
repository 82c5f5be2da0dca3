import { blurImage } from "../../images/blur";
import type { PixelImage } from "../../images/pixel-image";
import { shown } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";

/**
 * What stands in the place of pixels that are removed:
 * - `blurred`: the image itself, blurred by a Gaussian whose standard deviation is a twentieth of the longer side (11.2 of 224
 *   pixels; Fong & Vedaldi 2017, https://arxiv.org/abs/1704.03296, take 10; Petsiuk et al. 2018 take 5,
 *   which leaves small objects recognisable);
 * - `mean colour`: the image's mean colour everywhere;
 * - an image of the same size, such as the same scene without its object (`renderBackground`).
 */
export type RemovalBaseline = "blurred" | "mean colour" | PixelImage;

/**
 * The image that a baseline stands for.
 * @throws UserError for an image of another size or number of channels
 */
export async function removalBaselineImage(
  image: PixelImage,
  baseline: RemovalBaseline,
): Promise<PixelImage> {
  if (baseline === "mean colour") return meanColour(image);
  if (baseline === "blurred") return blurImage(image, Math.max(image.width, image.height) / 20);
  if (typeof baseline !== "object") {
    throw new UserError(
      `There is no baseline ${shown(baseline)}. Choose "blurred", "mean colour" or an image.`,
    );
  }
  const same = (["width", "height", "channels"] as const).every((size) => baseline[size] === image[size]);
  if (same) return baseline;
  throw new UserError(
    `The baseline has ${baseline.width} × ${baseline.height} pixels of ${baseline.channels} channels, the image ` +
      `${image.width} × ${image.height} of ${image.channels}. Give one like the image.`,
  );
}

function meanColour({ width, height, channels, data }: PixelImage): PixelImage {
  const sums = new Array<number>(channels).fill(0);
  for (const [i, value] of data.entries()) sums[i % channels]! += value;
  const colour = sums.map((sum) => Math.round(sum / (width * height)));
  return { width, height, channels, data: data.map((_, i) => colour[i % channels]!) };
}

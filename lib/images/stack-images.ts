import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";
import type { PixelImage } from "./pixel-image";

/**
 * Images as one batch of pixels `[batch, side, side, 3]`, 0 … 255.
 * @param first the number of the first of these images, for messages
 * @throws UserError naming the first image that is not `side × side` pixels of 3 channels, in bytes
 */
export function stackImages(images: readonly PixelImage[], side: number, first = 0): tf.Tensor4D {
  const pixels = new Float32Array(images.length * side * side * 3);
  images.forEach((image, i) => {
    if (!image?.data)
      throw new UserError(`Image ${first + i}, counted from 0, is none; \`load\` must give an image.`);
    const { width, height, channels, data } = image;
    if (width !== side || height !== side || channels !== 3) {
      throw new UserError(
        `Image ${first + i}, counted from 0, has ${width}×${height} pixels and ${channels} channels; the network takes ` +
          `${side}×${side} and 3. Resize it first.`,
      );
    }
    if (data.length !== side * side * 3) {
      throw new UserError(
        `Image ${first + i}, counted from 0, has ${data.length} values for ${side}×${side} pixels of 3 channels. ` +
          "Give one for each.",
      );
    }
    if (data.BYTES_PER_ELEMENT !== 1) {
      throw new UserError(
        `Image ${first + i}, counted from 0, holds no bytes. Give it whole numbers in 0 … 255, as a Uint8Array.`,
      );
    }
    pixels.set(data, i * side * side * 3);
  });
  return tf.tensor4d(pixels, [images.length, side, side, 3]);
}

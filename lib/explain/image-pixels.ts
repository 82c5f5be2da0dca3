import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";

/**
 * Images as `[batch, side, side, 3]`, 0 … 255.
 * @throws UserError naming the first image that is not `side × side` pixels of 3 channels
 */
export function imagePixels(images: readonly PixelImage[], side: number): tf.Tensor4D {
  const pixels = new Float32Array(images.length * side * side * 3);
  images.forEach(({ width, height, channels, data }, i) => {
    if (width !== side || height !== side || channels !== 3) {
      throw new UserError(
        `Image ${i}, counted from 0, has ${width}×${height} pixels and ${channels} channels; the network takes ` +
          `${side}×${side} and 3. Resize it first.`,
      );
    }
    pixels.set(data, i * side * side * 3);
  });
  return tf.tensor4d(pixels, [images.length, side, side, 3]);
}

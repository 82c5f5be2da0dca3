import * as tf from "@tensorflow/tfjs";
import type { PerChannel, Preprocessing } from "./architecture";

/** Pixels in 0 … 255 as the weights expect them, `(pixel - mean) / deviation` in each channel. */
export function preprocessPixels(
  pixels: tf.Tensor4D,
  { pixelMean, pixelDeviation }: Preprocessing,
): tf.Tensor4D {
  return tf.tidy(() =>
    pixels
      .toFloat()
      .sub<tf.Tensor4D>(pixelMean as tf.TensorLike)
      .div(pixelDeviation as tf.TensorLike),
  );
}

/** What a saved model keeps of it, so that it is refused on inputs that are prepared otherwise. */
export function describePreprocessing({
  pixelMean,
  pixelDeviation,
}: Preprocessing): Record<string, number | string> {
  const described = (value: PerChannel) => (typeof value === "number" ? value : value.join(", "));
  return {
    pixels: "red, green, blue, 0 … 255",
    pixelMean: described(pixelMean),
    pixelDeviation: described(pixelDeviation),
  };
}

/** Mean and deviation of ImageNet's pixels in 0 … 1 as torchvision rounds them, here in 0 … 255. */
export const imagenetPixels = {
  pixelMean: [123.675, 116.28, 103.53],
  pixelDeviation: [58.395, 57.12, 57.375],
} as const;

import type sharp from "sharp";
import type { PixelImage } from "../images/pixel-image";
import { requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/**
 * The package sharp, which decodes, scales and encodes images. It is loaded when an image is first handled, so that
 * everything else works where it is not installed.
 * @throws UserError when it is not installed, or doesn't run here
 */
export function loadSharp(): typeof sharp {
  try {
    return require("sharp") as typeof sharp;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "MODULE_NOT_FOUND" && message.startsWith("Cannot find module 'sharp'")) {
      throw new UserError("Reading and writing images needs the package sharp: npm install sharp");
    }
    throw new UserError(
      `The package sharp is installed, but does not run here (${message.split("\n")[0]}). Install it again, with its optional packages: npm install --include=optional sharp`,
    );
  }
}

/**
 * A sharp pipeline that starts from an image's bytes.
 * @throws UserError for an image whose bytes are not those of its size
 */
export function sharpOf(image: PixelImage): sharp.Sharp {
  const { width, height, channels, data } = image ?? {};
  for (const [name, size] of Object.entries({ width, height }))
    requireWhole(`The ${name} of an image`, size, 1);
  if (
    ![1, 3, 4].includes(channels) ||
    data?.length !== width * height * channels ||
    data.BYTES_PER_ELEMENT !== 1
  )
    throw new UserError(
      `An image of ${width}×${height} pixels has 1, 3 or 4 channels and a byte for each number; ${channels} channels ` +
        `and ${data?.length ?? "no"} numbers were given.`,
    );
  return loadSharp()(data, { raw: { width, height, channels } });
}

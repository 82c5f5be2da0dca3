import * as fs from "node:fs";
import sharp from "sharp";
import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";

/**
 * Reads a photograph: JPEG, PNG, WebP, AVIF, TIFF or GIF (its first frame), upright as its EXIF data says, in sRGB.
 *
 * With 3 channels, what is transparent is laid on white; with 4, opacity is kept (255 where the file has none).
 *
 * @throws UserError naming the file when it is missing, is no image, is damaged or ends too early
 */
export async function readImage(file: string, channels: 3 | 4): Promise<PixelImage> {
  let bytes: Buffer;
  try {
    bytes = await fs.promises.readFile(file);
  } catch (error) {
    throw explainUnreadable(error, file);
  }
  return decodeImage(bytes, channels, file);
}

/**
 * As {@link readImage}, from bytes in memory.
 * @param origin what an error message calls these bytes: a file name
 * @throws UserError naming `origin` when the bytes are no image, are damaged or end too early
 */
export async function decodeImage(bytes: Uint8Array, channels: 3 | 4, origin: string): Promise<PixelImage> {
  try {
    // "error" refuses truncated and corrupt pixels but puts up with odd metadata, which sharp's default refuses.
    const pipeline = sharp(bytes, { failOn: "error" }).autoOrient().toColourspace("srgb");
    const shaped = channels === 4 ? pipeline.ensureAlpha() : pipeline.flatten({ background: "white" });
    const { data, info } = await shaped.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels, data: new Uint8Array(data) };
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new UserError(
      `${origin} could not be decoded as an image (${reason}). Put an undamaged copy in its place, or remove it.`,
    );
  }
}

function explainUnreadable(error: unknown, file: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOENT":
    case "ENOTDIR":
      return new UserError(`The image ${file} does not exist. Check the name, or bring the file back.`);
    case "EISDIR":
      return new UserError(`${file} is a folder, not an image. Name one image file.`);
    case "EACCES":
    case "EPERM":
      return new UserError(`The image ${file} may not be read. Give yourself read access to it.`);
    default:
      return error;
  }
}

import type { Metadata, Sharp } from "sharp";
import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";
import { kindByFirstBytes } from "./file-kind";
import { whyNotColour, whyNotColourTiff } from "./image-meaning";
import { readWholeFile } from "./open-file";
import { loadSharp } from "./sharp";

/** Sides of 16,383 pixels: sharp's own limit, beyond which a small file could fill the memory. */
const maximalPixels = 0x3fff * 0x3fff;

/**
 * Reads a photograph: JPEG, PNG, WebP, AVIF, TIFF or GIF (its first frame), upright as its EXIF data says, in sRGB.
 *
 * With 3 channels, what is transparent is laid on white; with 4, opacity is kept (255 where the file has none). Grey,
 * palettes, CMYK and 16-bit whole numbers become 8-bit RGB. Where it would have to be guessed what the numbers mean
 * (floating-point, signed, 32-bit, more channels than colours and opacity, other colours, several pages), the file is
 * refused.
 *
 * @throws UserError naming the file when it is missing, is no image, is damaged or ends too early, has more than 268
 *   million pixels, or can't be shown as RGB without guessing
 */
export async function readImage(file: string, channels: 3 | 4): Promise<PixelImage> {
  return decodeImage(await readWholeFile(file, `The image ${file}`), channels, file);
}

/**
 * As {@link readImage}, from bytes in memory.
 * @param origin what an error message calls these bytes: a file name
 * @throws UserError naming `origin` as {@link readImage} does
 */
export async function decodeImage(bytes: Uint8Array, channels: 3 | 4, origin: string): Promise<PixelImage> {
  if (channels !== 3 && channels !== 4)
    throw new UserError(
      `An image is read with 3 channels, or with 4 to keep its opacity, not with ${channels}.`,
    );
  const refusal = ([what, remedy]: readonly [string, string]) =>
    new UserError(`${origin} could not be decoded as an image: ${what}. ${remedy}`);
  if (bytes.length === 0) throw refusal(["it is empty", replace]);
  const tiff = tiffFault(bytes);
  if (tiff) throw refusal(tiff);
  // "error" refuses truncated and corrupt pixels but puts up with odd metadata, which sharp's default refuses.
  const pipeline = loadSharp()(bytes, {
    failOn: "error",
    limitInputPixels: false,
    limitInputChannels: false,
  });
  const fault = metadataFault(await metadataOf(pipeline, bytes, refusal));
  if (fault) throw refusal(fault);
  try {
    const coloured = pipeline.autoOrient().toColourspace("srgb");
    const shaped = channels === 4 ? coloured.ensureAlpha() : coloured.flatten({ background: "white" });
    const { data, info } = await shaped.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, channels, data: new Uint8Array(data) };
  } catch (error) {
    throw refusal(undecoded(error, bytes));
  }
}

type Fault = readonly [what: string, remedy: string];
const replace = "Put an undamaged copy in its place, or remove it.";

function tiffFault(bytes: Uint8Array): Fault | undefined {
  try {
    return whyNotColourTiff(bytes);
  } catch (error) {
    if (error instanceof RangeError) return ["it is damaged or ends too early", replace];
    throw error;
  }
}

async function metadataOf(
  pipeline: Sharp,
  bytes: Uint8Array,
  refusal: (fault: Fault) => UserError,
): Promise<Metadata> {
  try {
    return await pipeline.metadata();
  } catch (error) {
    throw refusal(undecoded(error, bytes));
  }
}

function metadataFault(metadata: Metadata): Fault | undefined {
  const { width, height } = metadata;
  if (width * height > maximalPixels) {
    const [pixels, limit] = [width * height, maximalPixels].map((n) => Math.floor(n / 1e6));
    return [
      `it has ${width}×${height} pixels, ${pixels} million, and at most ${limit} million are decoded`,
      "Scale it down first.",
    ];
  }
  return whyNotColour(metadata);
}

/** What kept sharp from decoding. Its own words, which are libvips's, stand behind ours. */
function undecoded(error: unknown, bytes: Uint8Array): Fault {
  const words = (error as Error).message.split("\n")[0];
  const kind = kindByFirstBytes(bytes);
  if (kind) return [`it is ${kind}`, "Convert it to JPEG or PNG, or remove it."];
  if (/unsupported image format/.test(words ?? "")) {
    return ["it is of no kind that is read here (JPEG, PNG, WebP, AVIF, TIFF, GIF)", replace];
  }
  return [`it is damaged or ends too early (${words})`, replace];
}

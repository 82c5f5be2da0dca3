import type { Metadata } from "sharp";
import { readTiffDirectories, type TiffDirectory } from "./tiff-directories";

const eightBit = "Convert it to 8-bit RGB first, so that it is you who says what is black and what is white.";
const toRgb = "Convert it to RGB first.";

/**
 * Why an image can't be shown as red, green and blue without guessing what its numbers mean.
 * @returns what it is and what to do, as two sentences' ends; undefined where nothing stands against it
 */
export function whyNotColour(metadata: Metadata): [what: string, remedy: string] | undefined {
  const { depth, space, channels, hasAlpha } = metadata;
  if (depth !== "uchar" && depth !== "ushort") {
    return [`its numbers are ${depthNames[depth] ?? `of the type ${depth}`}`, eightBit];
  }
  const colours = coloursOf[space];
  if (colours === undefined) return [`its colours are of the kind "${space}"`, toRgb];
  if (channels - colours > (hasAlpha ? 1 : 0)) {
    return [`it has ${channels} channels`, "Keep red, green and blue, and opacity if there is one."];
  }
  return undefined;
}

/**
 * As {@link whyNotColour}, for what only the tags of a TIFF file tell.
 * @throws RangeError when the tags reach past the file's end
 */
export function whyNotColourTiff(bytes: Uint8Array): [what: string, remedy: string] | undefined {
  const pages = readTiffDirectories(bytes);
  const first = pages?.[0];
  if (!pages || !first) return undefined;
  if (first.newSubfileType & 1) {
    return [
      "its first page is a small preview, as in a camera's raw file",
      "Develop it to JPEG, PNG or TIFF first.",
    ];
  }
  // Smaller copies and masks of the first page are no pictures of their own.
  const pictures = pages.filter(({ newSubfileType }) => (newSubfileType & 5) === 0).length;
  if (pictures > 1) return [`it holds ${pictures} pages`, "Save each page as a file of its own."];
  return whyNotNumbers(first) ?? whyNotChannels(first);
}

function whyNotNumbers({ sampleFormat, bitsPerSample }: TiffDirectory) {
  const bits = bitsPerSample[0];
  const kind = sampleKinds[sampleFormat[0] ?? 1] ?? "of an unknown type";
  const same =
    sampleFormat.every((each) => each === sampleFormat[0]) && bitsPerSample.every((b) => b === bits);
  if (!same) return ["its channels are of different number types", eightBit] as [string, string];
  if (kind !== unsigned || ![1, 2, 4, 8, 16].includes(bits as number)) {
    return [`its numbers are ${bits}-bit ${kind}`, eightBit] as [string, string];
  }
  return undefined;
}

function whyNotChannels(page: TiffDirectory): [what: string, remedy: string] | undefined {
  const { photometricInterpretation, samplesPerPixel, extraSamples, inkSet } = page;
  const colours = coloursOfPhotometric[photometricInterpretation];
  if (colours === undefined || (photometricInterpretation === 5 && inkSet !== 1)) {
    const name = photometricNames[photometricInterpretation] ?? `of the kind ${photometricInterpretation}`;
    return [`its colours are ${name}`, toRgb];
  }
  const extra = samplesPerPixel - colours;
  const opacity = extra === 1 && (extraSamples[0] === 1 || extraSamples[0] === 2);
  if (extra === 0 || opacity) return undefined;
  return [
    `it has ${samplesPerPixel} channels, of which ${colours} ${colours === 1 ? "is" : "are"} colour and the rest is not said to be opacity`,
    "Keep the colours alone, or declare the opacity as such.",
  ];
}

const unsigned = "whole numbers";
const sampleKinds: Readonly<Record<number, string>> = {
  1: unsigned,
  2: "whole numbers with a sign",
  3: "floating-point numbers",
  4: unsigned,
  5: "complex numbers",
  6: "complex numbers",
};

const depthNames: Readonly<Record<string, string>> = {
  char: "8-bit whole numbers with a sign",
  short: "16-bit whole numbers with a sign",
  uint: "32-bit whole numbers",
  int: "32-bit whole numbers with a sign",
  float: "floating-point numbers",
  double: "floating-point numbers",
  complex: "complex numbers",
  dpcomplex: "complex numbers",
};

/** Colour channels by libvips's name of the colour space. */
const coloursOf: Readonly<Record<string, number>> = {
  "b-w": 1,
  grey16: 1,
  srgb: 3,
  rgb: 3,
  rgb16: 3,
  cmyk: 4,
};

/** Colour channels by TIFF's PhotometricInterpretation, of those that are decoded without guessing. */
const coloursOfPhotometric: Readonly<Record<number, number>> = { 0: 1, 1: 1, 2: 3, 3: 1, 5: 4, 6: 3 };

const photometricNames: Readonly<Record<number, string>> = {
  4: "a transparency mask",
  5: "other inks than cyan, magenta, yellow and black",
  8: "CIELAB",
  9: "ICC L*a*b*",
  10: "ITU L*a*b*",
  32803: "a camera's raw mosaic",
  32844: "logarithmic luminance",
  32845: "logarithmic luminance",
  34892: "a camera's raw numbers",
};

import type { PixelImage } from "../../images/pixel-image";
import { loadSharp } from "../../node/sharp";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import { type PlacedText, placeText, textPicture } from "../lettering/text-picture";
import { ascent } from "../lettering/text-style";
import { typesetterFor } from "../lettering/typesetter";
import { largestOpacity, weightColour } from "./colour-map";

/** Sizes in pixels. */
const margin = 12;
const barHeight = 14;
const labelTop = 2;
/** Room for the numbers. */
const belowBar = 29;
/** Least distance between two numbers. */
const apart = 4;
const narrowest = 96;
const style = { size: 13 };

/**
 * The scale that belongs to `overlayWeights`: a bar of its colours, as they look on white, from 0 to `maximum`.
 * @param maximum the weight of the last colour.
 * @param label what the numbers are, such as `attention weight`.
 *   One that is wider than the bar is broken into lines, and the scale is higher.
 * @param width in pixels, 224 when left out, as wide as a picture of the grid; at least 96.
 * @throws UserError where the maximum is not positive and finite, or the width too small.
 */
export async function weightScale(maximum: number, label: string, width = 224): Promise<PixelImage> {
  if (!(maximum > 0) || !Number.isFinite(maximum)) {
    throw new UserError(`The scale's maximum is ${maximum}; it must be positive and finite.`);
  }
  requireWhole("The scale's width, in pixels,", width, narrowest);
  const typesetter = await typesetterFor(label);
  const barWidth = width - 2 * margin;
  const labelBox = { left: margin, top: labelTop, width: barWidth, align: "start" } as const;
  const { lines, height: labelHeight } = placeText(typesetter, label, labelBox, style);
  const barTop = labelTop + Math.ceil(labelHeight - 1e-6);
  const height = barTop + barHeight + belowBar;
  const pixels = new Uint8Array(width * height * 3).fill(255);
  for (let x = 0; x < barWidth; x++) {
    const share = x / (barWidth - 1);
    const opacity = share * largestOpacity;
    const colour = weightColour(share).map((channel) => Math.round(255 * (1 - opacity) + channel * opacity));
    for (let y = barTop; y < barTop + barHeight; y++) pixels.set(colour, (y * width + margin + x) * 3);
  }
  const numbers = [0, 0.5, 1].map((share): PlacedText & { end: number } => {
    const text = Number((maximum * share).toPrecision(2)).toString();
    const textWidth = typesetter.width(text, style);
    const x = Math.min(width - textWidth, Math.max(0, margin + barWidth * share - textWidth / 2));
    return { text, x, y: barTop + barHeight + 4 + ascent * style.size, style, end: x + textWidth };
  });
  const [zero, middle, largest] = numbers as [
    PlacedText & { end: number },
    PlacedText & { end: number },
    PlacedText,
  ];
  const middleFits = zero.end + apart <= middle.x && middle.end + apart <= largest.x;
  const texts = [...lines, zero, ...(middleFits ? [middle] : []), largest];
  const frame = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="${margin - 0.5}" y="${barTop - 0.5}" ` +
      `width="${barWidth + 1}" height="${barHeight + 1}" fill="none" stroke="#8c8c8c"/></svg>`,
  );
  const data = await loadSharp()(pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: frame }, { input: textPicture(typesetter, width, height, texts) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, channels: 3, data: new Uint8Array(data) };
}

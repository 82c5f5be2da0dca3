import type { PixelImage } from "../../images/pixel-image";
import { loadSharp } from "../../node/sharp";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import { type PlacedText, placeText, textPicture } from "../lettering/text-picture";
import { ascent } from "../lettering/text-style";
import { typesetterFor } from "../lettering/typesetter";
import { onStripe, stripe, weightColour } from "./colour-map";

/** Sizes in pixels. */
const margin = 12;
const barHeight = 14;
const labelTop = 2;
/** Room for the numbers. */
const belowBar = 29;
/** Least distance between two numbers. */
const apart = 4;
export const narrowestScale = 96;
const style = { size: 13 };

/** Width of the striped part, and of the white between it and the bar. */
const beyond = { width: 22, gap: 3 };

/**
 * The scale that belongs to `overlayWeights`: a bar of its colours from 0 to `maximum`. Where a map has larger values
 * (`largest`), what these look like stands at its end.
 * @param maximum the weight of the last colour.
 * @param label what the numbers are, such as `attention weight`; nothing stands above the bar where it is empty.
 *   One that is wider than the bar is broken into lines, and the scale is higher.
 * @param width in pixels, 224 when left out, as wide as a picture of the grid; at least 96.
 * @param largest the largest value that was drawn; `maximum` when left out.
 * @throws UserError where the maximum is not positive and finite, or the width too small.
 */
export async function weightScale(
  maximum: number,
  label: string,
  width = 224,
  largest = maximum,
): Promise<PixelImage> {
  if (!(maximum > 0) || !Number.isFinite(maximum)) {
    throw new UserError(`The scale's maximum is ${maximum}; it must be positive and finite.`);
  }
  requireWhole("The scale's width, in pixels,", width, narrowestScale);
  const typesetter = await typesetterFor(label);
  const beyondTop = largest > maximum;
  const wholeWidth = width - 2 * margin;
  const barWidth = wholeWidth - (beyondTop ? beyond.width + beyond.gap : 0);
  const labelBox = { left: margin, top: labelTop, width: wholeWidth, align: "start" } as const;
  const { lines, height: labelHeight } = label
    ? placeText(typesetter, label, labelBox, style)
    : { lines: [], height: 2 };
  const barTop = labelTop + Math.ceil(labelHeight - 1e-6);
  const height = barTop + barHeight + belowBar;
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const striped = margin + barWidth + beyond.gap;
  for (let y = barTop; y < barTop + barHeight; y++) {
    for (let x = margin; x < margin + barWidth; x++) {
      const colour = weightColour((x - margin) / (barWidth - 1)).map(Math.round);
      pixels.set(colour, (y * width + x) * 3);
    }
    for (let x = striped; beyondTop && x < striped + beyond.width; x++) {
      pixels.set(onStripe(x, y) ? stripe : weightColour(1).map(Math.round), (y * width + x) * 3);
    }
  }
  const numbers = [0, 0.5, 1].map((share): PlacedText & { end: number } => {
    const text = Number((maximum * share).toPrecision(2)).toString();
    const textWidth = typesetter.width(text, style);
    const rightmost = beyondTop ? striped - beyond.gap : width;
    const x = Math.min(rightmost - textWidth, Math.max(0, margin + barWidth * share - textWidth / 2));
    return { text, x, y: barTop + barHeight + 4 + ascent * style.size, style, end: x + textWidth };
  });
  const [zero, middle, top] = numbers as [
    PlacedText & { end: number },
    PlacedText & { end: number },
    PlacedText,
  ];
  const middleFits = zero.end + apart <= middle.x && middle.end + apart <= top.x;
  const texts = [...lines, zero, ...(middleFits ? [middle] : []), top];
  if (beyondTop) texts.push({ text: "above", x: striped - 2, y: top.y, style: { size: 11 } });
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

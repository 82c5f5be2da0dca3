import sharp from "sharp";
import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";
import { largestOpacity, weightColour } from "./colour-map";
import { textPicture } from "./text-picture";
import { ascent, measureText } from "./typeface";

/**
 * The scale that belongs to `overlayWeights`: a bar of its colours, as they look on white, from 0 to `maximum`.
 * @param maximum the weight of the last colour.
 * @param label what the numbers are, such as `attention weight`.
 * @param width in pixels, 224 when left out, as wide as a picture of the grid.
 */
export async function weightScale(maximum: number, label: string, width = 224): Promise<PixelImage> {
  if (!(maximum > 0)) throw new UserError(`The scale's maximum is ${maximum}; it must be positive.`);
  const margin = 12;
  const barHeight = 14;
  const style = { size: 13 };
  const height = 62;
  const labelTop = 2;
  const barTop = labelTop + Math.ceil(style.size * 1.3);
  const pixels = new Uint8Array(width * height * 3).fill(255);
  const barWidth = width - 2 * margin;
  for (let x = 0; x < barWidth; x++) {
    const share = x / (barWidth - 1);
    const opacity = share * largestOpacity;
    const colour = weightColour(share).map((channel) => Math.round(255 * (1 - opacity) + channel * opacity));
    for (let y = barTop; y < barTop + barHeight; y++) pixels.set(colour, (y * width + margin + x) * 3);
  }
  const numbers = [0, maximum / 2, maximum];
  const texts = numbers.map((value, index) => {
    const text = Number(value.toPrecision(2)).toString();
    const centre = margin + (barWidth * index) / 2;
    const textWidth = measureText(text, style);
    const x = Math.min(width - textWidth, Math.max(0, centre - textWidth / 2));
    return { text, x, y: barTop + barHeight + 4 + ascent * style.size, style };
  });
  texts.push({ text: label, x: margin, y: labelTop + ascent * style.size, style });
  const frame = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect x="${margin - 0.5}" y="${barTop - 0.5}" ` +
      `width="${barWidth + 1}" height="${barHeight + 1}" fill="none" stroke="#8c8c8c"/></svg>`,
  );
  const data = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .composite([{ input: frame }, { input: textPicture(width, height, texts) }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, channels: 3, data: new Uint8Array(data) };
}

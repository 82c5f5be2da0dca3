import { loadSharp } from "../../node/sharp";
import { UserError } from "../../runtime/user-error";
import { drawSvg } from "../drawing/static-plotly";
import type { Figure } from "./figure";
import { defaultHeight, defaultWidth, figureJson } from "./figure-json";

/** Drawing changes one shared page, so figures are drawn one after the other. */
let previous: Promise<unknown> = Promise.resolve();

/**
 * The figure as SVG, drawn in this process without a browser; text is drawn as outlines, so no font is needed
 * and equal figures give equal files. About 1 s for the first figure of a process, 0.3 s for each later one.
 * @throws UserError when the figure lacks a title, axis titles or alt text, or has a trace that can't be drawn.
 */
export async function figureToSvg(figure: Figure): Promise<string> {
  const json = await figureJson(figure);
  const { width = defaultWidth, height = defaultHeight } = figure.layout;
  const drawn = previous.then(() => drawSvg(json, width, height));
  previous = drawn.catch(() => undefined);
  return drawn;
}

/**
 * The figure as PNG; see `figureToSvg`.
 * @param pixelRatio pixels of the picture for each of the figure's; 2 keeps it sharp on dense screens.
 */
export async function figureToPng(figure: Figure, pixelRatio: 1 | 2 = 2): Promise<Buffer> {
  if (pixelRatio !== 1 && pixelRatio !== 2) {
    throw new UserError(`The pixel ratio is ${pixelRatio}; it must be 1 or 2.`);
  }
  const svg = await figureToSvg(figure);
  return loadSharp()(Buffer.from(svg), { density: 72 * pixelRatio })
    .flatten({ background: "#ffffff" })
    .png({ compressionLevel: 9, palette: true, quality: 100, effort: 7 })
    .toBuffer();
}

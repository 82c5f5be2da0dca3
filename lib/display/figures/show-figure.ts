import { loadSharp } from "../../node/sharp";
import { type MimeBundle, showInCell } from "../cells/cell";
import { pictureHtml } from "../cells/html";
import type { Figure } from "./figure";
import { figureJson } from "./figure-json";
import { packGrids } from "./packed-grids";
import { figureToPng } from "./static-figure";

/** Zoom, pan, reset and download remain; a bar of all buttons would cover the title. */
const config = {
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
};

interface PlotlyJson {
  layout: { annotations?: object[] };
}

/** The alt text as text of the interactive figure, which nobody sees and a screen reader reads. */
const unseen = (text: string) => ({
  text,
  x: 0,
  y: 0,
  xref: "paper",
  yref: "paper",
  showarrow: false,
  opacity: 0,
  font: { size: 1 },
});

const toJpeg = (png: Buffer) =>
  loadSharp()(png).jpeg({ quality: 84, chromaSubsampling: "4:4:4", mozjpeg: true }).toBuffer();

/** @throws UserError as `showFigure`. */
export async function figureBundle(figure: Figure): Promise<MimeBundle> {
  const plotly = packGrids(JSON.parse(await figureJson(figure))) as PlotlyJson;
  const { annotations = [] } = plotly.layout;
  plotly.layout.annotations = [...annotations, unseen(figure.alt)];
  const png = await figureToPng(figure, 1);
  const jpeg = await toJpeg(png);
  // Photographs are lighter as JPEG, lines and areas as PNG.
  const still =
    jpeg.length < png.length
      ? pictureHtml("image/jpeg", jpeg, figure.alt)
      : pictureHtml("image/png", png, figure.alt);
  return {
    "application/vnd.plotly.v1+json": { ...plotly, config },
    "text/html": still,
    "text/plain": figure.alt,
  };
}

/**
 * Shows the figure in the notebook cell. JupyterLab (with the Plotly extension, offline) shows it interactively; pages
 * without scripts and converters to HTML show its picture with the alt text; a terminal shows the alt text.
 * @throws UserError outside a tslab kernel, when the figure lacks a title, an axis title or alt text, holds numbers that are
 *   not finite, or can't be drawn.
 */
export async function showFigure(figure: Figure): Promise<void> {
  showInCell("showFigure", await figureBundle(figure));
}

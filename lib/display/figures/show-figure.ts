import { showInCell } from "../cells/cell";
import type { Figure } from "./figure";
import { figureJson } from "./figure-json";
import { figureToPng } from "./static-figure";

/** Zoom, pan, reset and download remain; a bar of all buttons would cover the title. */
const config = {
  displaylogo: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
};

/**
 * Shows the figure in the notebook cell. JupyterLab (with the Plotly extension, offline) shows the picture and
 * makes it interactive as soon as the mouse is over it; pages without scripts show the picture, whose metadata
 * carry the alt text; a terminal shows the alt text.
 * @throws UserError outside a tslab kernel, when the figure lacks a title, an axis title or alt text, holds numbers that are
 *   not finite, or can't be drawn.
 */
export async function showFigure(figure: Figure): Promise<void> {
  const plotly = JSON.parse(await figureJson(figure)) as Record<string, unknown>;
  // One pixel for one: the extension shows the picture in its own size, and the figure then takes its place.
  const png = await figureToPng(figure, 1);
  showInCell(
    "showFigure",
    {
      "application/vnd.plotly.v1+json": { ...plotly, config },
      "image/png": png.toString("base64"),
      "text/plain": figure.alt,
    },
    { "image/png": { alt: figure.alt } },
  );
}

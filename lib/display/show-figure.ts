import { showInCell } from "./cell";
import { type Figure, figureJson } from "./figure";
import { figureToPng } from "./static-figure";

/**
 * Shows the figure in the notebook cell: interactive in JupyterLab (offline, through the Plotly extension), a
 * picture with alt text wherever scripts do not run, and the alt text where pictures don't.
 * @throws UserError outside a tslab kernel, or when the figure is incomplete (see `checkFigure`).
 */
export async function showFigure(figure: Figure): Promise<void> {
  const plotly = JSON.parse(figureJson(figure)) as Record<string, unknown>;
  const png = await figureToPng(figure);
  showInCell(
    "showFigure",
    {
      "application/vnd.plotly.v1+json": { ...plotly, config: { responsive: true, displaylogo: false } },
      "image/png": png.toString("base64"),
      "text/plain": figure.alt,
    },
    { "image/png": { alt: figure.alt } },
  );
}

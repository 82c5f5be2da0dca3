import sharp from "sharp";
import type { Figure } from "../../display/figures/figure";
import { intervalFigure } from "../../display/figures/interval-figure";
import { intervalPanels } from "../../display/figures/interval-panels";
import { figureToSvg } from "../../display/figures/static-figure";
import { surfaceFigure } from "../../display/figures/surface-figure";
import { imageGrid } from "../../display/pictures/image-grid";
import { overlayWeights } from "../../display/pictures/overlay";
import type { ExampleSheet } from "../../experiments/experiment";
import type { SummaryFigure } from "../../experiments/summary-figure";

/** The figure of a table, as SVG. */
export async function summaryFigure(figure: SummaryFigure): Promise<string> {
  return figureToSvg(await drawn(figure));
}

function drawn(figure: SummaryFigure): Figure | Promise<Figure> {
  switch (figure.kind) {
    case "lines":
      return intervalFigure(figure.rows, figure);
    case "panels":
      return intervalPanels(figure.panels, figure);
    case "surface":
      return surfaceFigure(figure);
  }
}

/** A sheet of examples as JPEG: maps laid over their images, the true mask outlined. */
export async function exampleSheet({ rows, cellSize }: ExampleSheet): Promise<Buffer> {
  const cells = rows.flat().map(async ({ image, mask, caption, map }) => {
    const picture = map
      ? await overlayWeights(image, map.values, map.rows, map.columns, { outline: mask })
      : image;
    return { image: picture, caption };
  });
  const sheet = await imageGrid(await Promise.all(cells), { columns: rows[0]!.length, cellSize });
  // A sixth of the PNG's size, which the repository would keep for every version.
  return sharp(sheet).jpeg({ quality: 88, chromaSubsampling: "4:4:4" }).toBuffer();
}

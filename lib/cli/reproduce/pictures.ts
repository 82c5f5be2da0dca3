import sharp from "sharp";
import type { Figure } from "../../display/figures/figure";
import { intervalFigure } from "../../display/figures/interval-figure";
import { intervalPanels } from "../../display/figures/interval-panels";
import { figureToSvg } from "../../display/figures/static-figure";
import { surfaceFigure } from "../../display/figures/surface-figure";
import { type GridCell, imageGrid } from "../../display/pictures/image-grid";
import { scaleTop } from "../../display/pictures/image-map";
import { withOutline } from "../../display/pictures/outline";
import { overlayWeights } from "../../display/pictures/overlay";
import { narrowestScale, weightScale } from "../../display/pictures/weight-scale";
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

/** A sheet of examples as JPEG: maps over their images, each with its scale, the true mask outlined. */
export async function exampleSheet({ rows, cellSize }: ExampleSheet): Promise<Buffer> {
  const cells = rows.flat().map(async ({ image, mask, caption, map }): Promise<GridCell> => {
    if (!map) return { image: withOutline(image, mask), caption };
    const { values, rows: high, columns: wide } = map;
    const maximum = scaleTop({ map: values, rows: high, columns: wide });
    return {
      image: await overlayWeights(image, values, high, wide, { maximum, outline: mask }),
      scale: await weightScale(maximum, "", Math.max(cellSize, narrowestScale)),
      caption,
    };
  });
  const sheet = await imageGrid(await Promise.all(cells), { columns: rows[0]!.length, cellSize });
  // A sixth of the PNG's size, which the repository would keep for every version.
  return sharp(sheet).jpeg({ quality: 84, chromaSubsampling: "4:4:4", mozjpeg: true }).toBuffer();
}

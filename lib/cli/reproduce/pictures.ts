import sharp from "sharp";
import { imageGrid } from "../../display/image-grid";
import { type IntervalRow, intervalFigure } from "../../display/interval-figure";
import { overlayWeights } from "../../display/overlay";
import { figureToSvg } from "../../display/static-figure";
import type { ExamplePicture, Experiment, Report } from "../../experiments/experiment";

/** The means of a table with their intervals, as SVG. */
export function meansFigure({ title, chance }: Experiment, { summary }: Report): Promise<string> {
  const rows = summary.map(
    ({ regime, pooling, mean, lower, upper }): IntervalRow => ({
      group: String(regime),
      series: String(pooling),
      mean: Number(mean),
      lower: Number(lower),
      upper: Number(upper),
    }),
  );
  const percent = (value: number) => (value * 100).toFixed(1);
  const said = rows.map(
    ({ group, series, mean, lower, upper }) =>
      `${group}, ${series}: ${percent(mean)} (${percent(lower)} to ${percent(upper)})`,
  );
  return figureToSvg(
    intervalFigure(rows, {
      title,
      axis: "test accuracy, % (mean and 95 % interval)",
      chance,
      alt: `${title}. Test accuracy in percent with 95 % intervals. ${said.join("; ")}.`,
    }),
  );
}

/** A sheet of examples as JPEG: weights laid over their images, the true mask outlined. */
export async function exampleSheet(examples: ExamplePicture[][]): Promise<Buffer> {
  const cells = examples.flat().map(async ({ image, mask, caption, attention }) => {
    const picture = attention
      ? await overlayWeights(image, attention.weights, attention.rows, attention.columns, { outline: mask })
      : image;
    return { image: picture, caption };
  });
  const sheet = await imageGrid(await Promise.all(cells), { columns: examples[0]!.length, cellSize: 168 });
  // A sixth of the PNG's size, which the repository would keep for every version.
  return sharp(sheet).jpeg({ quality: 88, chromaSubsampling: "4:4:4" }).toBuffer();
}

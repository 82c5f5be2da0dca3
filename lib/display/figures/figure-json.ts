import type { Layout } from "plotly.js-dist";
import { typesetterFor } from "../lettering/typesetter";
import { checkFigure, type Figure } from "./figure";
import { houseTemplate, titleMargin, titleSize } from "./house-template";
import { breakLongLabels } from "./long-labels";

/** Size in pixels of a figure whose layout has no `width` or `height`. */
export const defaultWidth = 720;
export const defaultHeight = 430;

/** Height in pixels above the plot area of a figure whose title has one line. */
const spaceAboveOneLineTitle = 58;
/** Plotly's distance between lines, as a multiple of the font size. */
const plotlyLineSpacing = 1.3;

/** Typed arrays as plain arrays (JSON knows no others); single-precision numbers with the digits they have. */
function plainNumbers(_key: string, value: unknown): unknown {
  if (value instanceof Float32Array) return Array.from(value, (number) => Number(number.toPrecision(7)));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  return value;
}

/** The title broken into lines that fit the figure, and the height in pixels of the margin that holds them. */
export async function titleLines(
  title: string,
  width = defaultWidth,
): Promise<{ text: string; top: number }> {
  // A title with mark-up keeps the lines that its author gave it.
  const text = title.includes("<")
    ? title
    : (await typesetterFor(title)).wrap(title, width - 2 * titleMargin, { size: titleSize }).join("<br>");
  const top = spaceAboveOneLineTitle + (text.split("<br>").length - 1) * titleSize * plotlyLineSpacing;
  return { text, top };
}

/**
 * The figure in the house style as plain JSON data, for JupyterLab's Plotly extension or for drawing here.
 * A long title, and long labels (`breakLongLabels`), are broken into lines.
 * @throws UserError as `checkFigure` does.
 */
export async function figureJson(figure: Figure): Promise<string> {
  checkFigure(figure);
  const { title, margin, ...rest } = figure.layout as Partial<Layout> & {
    title: { text: string } | string;
  };
  const { width = defaultWidth, height = defaultHeight } = rest;
  const given = typeof title === "string" ? { text: title } : title;
  const { text, top } = await titleLines(given.text, width);
  const margins = { t: top, ...margin };
  const { data, layout } = await breakLongLabels(figure.data, rest, { width, height, margin: margins });
  return JSON.stringify(
    {
      data,
      layout: {
        template: houseTemplate,
        width,
        height,
        ...layout,
        margin: margins,
        title: { ...given, text },
      },
      ...(figure.frames && { frames: figure.frames }),
    },
    plainNumbers,
  );
}

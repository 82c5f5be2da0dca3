import type { Data, Frame, Layout } from "plotly.js-dist";
import { UserError } from "../../runtime/user-error";
import { typesetterFor } from "../lettering/typesetter";
import { houseTemplate, titleMargin, titleSize } from "./house-template";

/** A Plotly figure together with the sentence that replaces it for whoever can't see it. */
export interface Figure {
  /** Traces of the types in `drawableTraces`. */
  data: Partial<Data>[];
  /** A title, and a title with its unit for every axis, are required. Images are data URIs, which work offline. */
  layout: Partial<Layout>;
  /** What an animation of the figure steps through; the saved picture shows `data`. */
  frames?: Partial<Frame>[];
  /** Says what the figure shows, with its most important numbers. */
  alt: string;
}

/** The trace types that can be drawn without a browser; the static picture in a saved notebook needs that. */
export const drawableTraces = ["scatter", "bar", "heatmap", "contour", "histogram", "box", "violin"] as const;

/** Size in pixels of a figure whose layout has no `width` or `height`. */
export const defaultWidth = 720;
export const defaultHeight = 430;

/** Height in pixels above the plot area of a figure whose title has one line. */
const spaceAboveOneLineTitle = 58;
/** Plotly's distance between lines, as a multiple of the font size. */
const plotlyLineSpacing = 1.3;

interface TitledAxis {
  title?: { text?: string };
  visible?: boolean;
}

function axisName(key: string): string {
  return key.replace(/^([xy])(\d*)$/, "$1axis$2");
}

/** @throws UserError where the figure lacks a title, an axis title or alt text, or can't be drawn. */
export function checkFigure(figure: Figure): void {
  const layout = figure.layout as Record<string, unknown> & { title?: { text?: string } | string };
  const title = (typeof layout.title === "string" ? layout.title : layout.title?.text)?.trim();
  const name = title ? `The figure "${title}"` : "The figure";
  if (!title) throw new UserError("The figure has no title. Give it one in layout.title.text.");
  if (!figure.alt?.trim()) {
    throw new UserError(`${name} has no alt text. Say in \`alt\` what it shows, with its main numbers.`);
  }
  if (figure.data.length === 0) throw new UserError(`${name} has no traces in \`data\`.`);
  for (const { source } of (layout.images ?? []) as { source?: string }[]) {
    if (!source?.startsWith("data:image/")) {
      throw new UserError(
        `${name} has an image that is no data URI, which neither a saved notebook nor a machine without network ` +
          "can show. Put the picture itself into the figure, or use showImages.",
      );
    }
  }
  for (const trace of figure.data as { type?: string; xaxis?: string; yaxis?: string }[]) {
    const type = trace.type ?? "scatter";
    if (!(drawableTraces as readonly string[]).includes(type)) {
      throw new UserError(
        `${name} has a trace of type "${type}", which can't be drawn without a browser. ` +
          `Use one of ${drawableTraces.join(", ")}${type === "image" ? ", or showImages for pictures" : ""}.`,
      );
    }
    for (const key of [axisName(trace.xaxis ?? "x"), axisName(trace.yaxis ?? "y")]) {
      const axis = layout[key] as TitledAxis | undefined;
      if (axis?.visible !== false && !axis?.title?.text?.trim()) {
        throw new UserError(
          `${name} has no title on its ${key}. Name quantity and unit in layout.${key}.title.text.`,
        );
      }
    }
  }
}

/** Typed arrays as plain arrays (JSON knows no others); single-precision numbers with the digits they have. */
function plainNumbers(_key: string, value: unknown): unknown {
  if (value instanceof Float32Array) return Array.from(value, (number) => Number(number.toPrecision(7)));
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Uint8Array);
  return value;
}

/** A label broken into lines; one with mark-up keeps the lines that its author gave it. */
export async function labelLines(label: string, width: number, size: number): Promise<string> {
  if (label.includes("<")) return label;
  const typesetter = await typesetterFor(label);
  return typesetter.wrap(label, width, { size }).join("<br>");
}

/** The title broken into lines that fit the figure, and the height in pixels of the margin that holds them. */
export async function titleLines(
  title: string,
  width = defaultWidth,
): Promise<{ text: string; top: number }> {
  const text = await labelLines(title, width - 2 * titleMargin, titleSize);
  const top = spaceAboveOneLineTitle + (text.split("<br>").length - 1) * titleSize * plotlyLineSpacing;
  return { text, top };
}

/**
 * The figure in the house style as plain JSON data, for JupyterLab's Plotly extension or for drawing here.
 * A long title is broken into lines that fit the figure's width.
 * @throws UserError as `checkFigure` does.
 */
export async function figureJson(figure: Figure): Promise<string> {
  checkFigure(figure);
  const { title, margin, ...layout } = figure.layout as Partial<Layout> & {
    title: { text: string } | string;
  };
  const given = typeof title === "string" ? { text: title } : title;
  const { text, top } = await titleLines(given.text, layout.width);
  return JSON.stringify(
    {
      data: figure.data,
      layout: {
        template: houseTemplate,
        width: defaultWidth,
        height: defaultHeight,
        ...layout,
        margin: { t: top, ...margin },
        title: { ...given, text },
      },
      ...(figure.frames && { frames: figure.frames }),
    },
    plainNumbers,
  );
}

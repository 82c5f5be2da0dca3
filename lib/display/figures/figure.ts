import type { Data, Frame, Layout } from "plotly.js-dist";
import { UserError } from "../../runtime/user-error";
import { checkNumbers } from "./check-numbers";

/** A Plotly figure together with the sentence that replaces it for whoever can't see it. */
export interface Figure {
  /** Traces of the types `scatter`, `bar`, `heatmap`, `contour`, `histogram`, `box` and `violin`. */
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

/** Pixels that a side of a figure may have. */
const largestSide = 8192;

interface TitledAxis {
  title?: { text?: string };
  visible?: boolean;
}

function axisName(key: string): string {
  return key.replace(/^([xy])(\d*)$/, "$1axis$2");
}

/**
 * @throws UserError where the figure lacks a title, an axis title or alt text, where its numbers are not finite or do
 *   not belong together (`checkNumbers`), or where it can't be drawn.
 */
export function checkFigure(figure: Figure): void {
  const layout = figure.layout as Record<string, unknown> & { title?: { text?: string } | string };
  const title = (typeof layout.title === "string" ? layout.title : layout.title?.text)?.trim();
  const name = title ? `The figure "${title}"` : "The figure";
  if (!title) throw new UserError("The figure has no title. Give it one in layout.title.text.");
  if (!figure.alt?.trim()) {
    throw new UserError(`${name} has no alt text. Say in \`alt\` what it shows, with its main numbers.`);
  }
  for (const side of ["width", "height"] as const) {
    const { [side]: pixels = largestSide } = figure.layout;
    if (!(pixels > 0 && pixels <= largestSide)) {
      throw new UserError(
        `${name} has layout.${side} ${pixels}; it must be from 1 to ${largestSide} pixels.`,
      );
    }
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
  checkNumbers(figure, name);
}

import type { Data, Layout } from "plotly.js-dist";
import { fontFamily } from "../lettering/text-style";

/**
 * The colour-blind-safe palette of Okabe and Ito (2008), without its yellow, which is too pale for lines on
 * white: blue, vermilion, green, purple, orange, sky blue, black.
 */
export const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"] as const;

/** Font size of figure titles, and their distance from the left edge, in pixels. */
export const titleSize = 17;
export const titleMargin = 16;

/** Font sizes of the other texts, in pixels. */
export const fontSize = 13;
export const axisTitleSize = 14;

/** Margins in pixels beside and below the plot; Plotly widens them where labels need more. */
export const sideMargins = { l: 64, r: 24, b: 56 };

const ink = "#222222";
const lines = "#8c8c8c";
const grid = "#e6e6e6";

const colourBar = {
  outlinewidth: 0,
  thickness: 14,
  title: { side: "right" as const, font: { size: 13 } },
};

const axis = {
  automargin: true,
  showline: true,
  linecolor: lines,
  ticks: "outside" as const,
  tickcolor: lines,
  ticklen: 4,
  gridcolor: grid,
  zeroline: false,
  title: { standoff: 10, font: { size: axisTitleSize } },
};

/** A slider lies under the plot; its current value is written below the title of the x axis, not across it. */
const slider = {
  pad: { t: 62, b: 8 },
  currentvalue: { font: { size: 14 }, offset: 12 },
  bordercolor: lines,
  tickcolor: lines,
};

interface TemplateLayout extends Partial<Layout> {
  sliderdefaults: typeof slider;
}

/** Plotly's template for every figure of this project: it gives defaults that a figure's layout may override. */
export const houseTemplate: { data: Record<string, Partial<Data>[]>; layout: TemplateLayout } = {
  data: {
    heatmap: [{ type: "heatmap", colorscale: "Viridis", colorbar: colourBar }],
    contour: [{ type: "contour", colorscale: "Viridis", colorbar: colourBar }],
    scatter: [{ type: "scatter", line: { width: 2.5 }, marker: { size: 7 } }],
    box: [
      { type: "box", boxpoints: "all", jitter: 0.4, pointpos: 0, line: { width: 1.5 }, marker: { size: 5 } },
    ],
    violin: [{ type: "violin", points: "all", jitter: 0.4, pointpos: 0, line: { width: 1.5 } }],
  },
  layout: {
    colorway: [...palette],
    font: { family: fontFamily, size: fontSize, color: ink },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    title: {
      x: 0,
      xref: "container",
      xanchor: "left",
      // The base line of the first line lies 28 px below the edge. With yanchor "top" Plotly forgets a title's
      // ascent as soon as the title has two lines.
      pad: { l: titleMargin, b: -28 },
      y: 1,
      yanchor: "bottom",
      font: { size: titleSize },
    },
    margin: sideMargins,
    bargap: 0.3,
    bargroupgap: 0.08,
    hovermode: "closest",
    hoverlabel: { namelength: -1 },
    modebar: { bgcolor: "rgba(255,255,255,0.9)" },
    legend: { bgcolor: "rgba(255,255,255,0.85)" },
    sliderdefaults: slider,
    xaxis: axis,
    yaxis: axis,
  },
};

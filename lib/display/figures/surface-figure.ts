import type { Data, Layout } from "plotly.js-dist";
import { typesetterFor } from "../lettering/typesetter";
import { divergingColour, divergingColourScale } from "./diverging-scale";
import type { Figure } from "./figure";
import { titleLines } from "./figure-json";
import { fontSize } from "./house-template";
import { paperOf, type Rectangle } from "./picture-panel";
import { checkPanels, type SurfacePanel } from "./surface-panel";

/** What is drawn, and what stands on it. */
export interface SurfaceFigureOptions {
  title: string;
  /** One to twelve, with the same rows and columns; three stand side by side. */
  panels: readonly SurfacePanel[];
  /** Titles of the axes, with their units. */
  rowAxis: string;
  columnAxis: string;
  /** What the numbers are, such as "attention − mean (percentage points)". */
  quantity: string;
  /** Says what the figure shows, with its most important numbers, to whoever can't see it. */
  alt: string;
}

const width = 960;
const abreast = 3;
/** Sizes in pixels: room left of the panels, right for the scale, between panels, and above and below each. */
const left = 78;
const right = 96;
const gap = 18;
const above = 34;
const below = 52;
const cellHeight = 58;
/** Room below all panels for the line that says what hatching means. */
const footnote = 24;
/** The scale never ends below so many percentage points: a surface of half points must not look like one of twenty. */
const smallestScale = 5;
const white = "#ffffff";
const ink = "#222222";
const unsure = "#6a6a6a";

const points = (share: number) => Math.round(share * 1000) / 10;

/** "4.5", "−0.3", "0.0" */
function printed(share: number): string {
  const value = points(share);
  return `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)}`;
}

/** "+4.5" */
const signed = (share: number) => `${points(share) > 0 ? "+" : ""}${printed(share)}`;

const interval = (low: number, high: number) => `${printed(low)} to ${printed(high)}`;

/** Strokes across a cell of side 1 whose centre is (`x`, `y`), from its lower left to its upper right. */
function hatching(x: number, y: number): string {
  const strokes = 6;
  return Array.from({ length: 2 * strokes - 1 }, (_, index) => {
    const offset = (index + 1) / strokes - 1;
    const from = [Math.max(0, offset), Math.max(0, -offset)] as const;
    const to = [Math.min(1, 1 + offset), Math.min(1, 1 - offset)] as const;
    // Rows run downwards.
    const at = ([across, up]: readonly [number, number]) =>
      `${(x - 0.5 + across).toFixed(3)},${(y + 0.5 - up).toFixed(3)}`;
    return `M${at(from)}L${at(to)}`;
  }).join("");
}

interface Drawn {
  trace: Partial<Data>;
  shapes: unknown[];
  annotations: unknown[];
}

/**
 * A panel's cells with their numbers.
 * @param axis "" for x and y, "2" for x2 and y2, …
 * @param bar the scale, at one of the panels.
 */
function drawPanel(panel: SurfacePanel, axis: string, limit: number, bar: object | undefined): Drawn {
  const { rows, columns, values, lower, upper } = panel;
  const place = { xref: `x${axis}`, yref: `y${axis}` };
  const cells = rows.flatMap((_, y) => columns.map((_, x) => ({ x, y })));
  const holdsZero = ({ x, y }: { x: number; y: number }) => lower[y]![x]! <= 0 && upper[y]![x]! >= 0;
  const hatched = cells.filter(holdsZero);
  const annotations = cells.map((cell) => {
    const { x, y } = cell;
    const share = points(values[y]![x]!) / limit;
    const [red, green, blue] = divergingColour(share);
    const colour = 0.299 * red + 0.587 * green + 0.114 * blue < 140 ? white : holdsZero(cell) ? unsure : ink;
    const number = signed(values[y]![x]!);
    return {
      ...place,
      x,
      y,
      text:
        `${holdsZero(cell) ? number : `<b>${number}</b>`}<br>` +
        `<span style="font-size:10px">${interval(lower[y]![x]!, upper[y]![x]!)}</span>`,
      font: { size: 15, color: colour },
      // Keeps the strokes of a hatched cell away from its digits.
      bgcolor: `rgb(${red},${green},${blue})`,
      borderpad: 0,
      showarrow: false,
    };
  });
  return {
    trace: {
      type: "heatmap",
      z: values.map((row) => row.map(points)),
      x: columns.map((_, index) => index),
      y: rows.map((_, index) => index),
      text: values.map((row, y) =>
        row.map((_, x) => `${rows[y]}, ${columns[x]}: ${interval(lower[y]![x]!, upper[y]![x]!)}`),
      ),
      hovertemplate: `<b>%{z}</b> points<br>%{text}<extra>${panel.title}</extra>`,
      zmin: -limit,
      zmax: limit,
      xgap: 2,
      ygap: 2,
      colorscale: divergingColourScale,
      showscale: bar !== undefined,
      colorbar: bar,
      xaxis: place.xref,
      yaxis: place.yref,
    } as unknown as Partial<Data>,
    shapes:
      hatched.length === 0
        ? []
        : [
            {
              ...place,
              type: "path",
              path: hatched.map(({ x, y }) => hatching(x, y)).join(""),
              line: { color: "rgba(90,90,90,0.45)", width: 1 },
            },
          ],
    annotations,
  };
}

/**
 * Differences over two axes of an experiment as small multiples: a panel for each case, a cell for each pair, its
 * number and its interval printed in it. The colour diverges from zero and is the same in all panels.
 * Cells whose interval holds zero are hatched, with their digits in grey.
 *
 * ```ts
 * const panel = {
 *   title: "probe", rows: ["32", "64"], columns: ["0", "6"],
 *   values: [[0.02, 0.09], [-0.01, 0.06]], lower: [[-0.01, 0.05], [-0.03, 0.02]], upper: [[0.05, 0.13], [0.01, 0.1]],
 * };
 * await showFigure(await surfaceFigure({
 *   title: "When attention helps", panels: [panel], rowAxis: "target size (px)", columnAxis: "distractors",
 *   quantity: "attention − mean (percentage points)", alt: "…",
 * }));
 * ```
 * @throws UserError without panels, for panels of different rows or columns, tables that do not fill them, numbers
 *   that are not finite, and an interval that is upside down.
 */
export async function surfaceFigure(options: SurfaceFigureOptions): Promise<Figure> {
  const { title, panels, rowAxis, columnAxis, quantity, alt } = options;
  checkPanels(panels, `The figure "${title}"`);
  const { rows, columns } = panels[0]!;
  const across = Math.min(abreast, panels.length);
  const down = Math.ceil(panels.length / across);
  const panelWidth = (width - left - right - gap * (abreast - 1)) / abreast;
  const panelHeight = above + cellHeight * rows.length + below;
  const inner = { width: across * (panelWidth + gap) - gap, height: down * panelHeight + footnote };
  const paper = paperOf(inner.width, inner.height);
  const values = panels.flatMap((panel) => panel.values.flat().map((value) => Math.abs(points(value))));
  const limit = Math.max(smallestScale, ...values);
  const typesetter = await typesetterFor(quantity, ...panels.map((panel) => panel.title));
  const barTitle = typesetter.wrap(quantity, cellHeight * rows.length, { size: fontSize }).join("<br>");
  const style = { size: 14, bold: true };

  const axes: Record<string, unknown> = {};
  const drawn = panels.map((panel, index) => {
    const axis = index === 0 ? "" : String(index + 1);
    const area: Rectangle = {
      left: (index % across) * (panelWidth + gap),
      top: Math.floor(index / across) * panelHeight + above,
      width: panelWidth,
      height: cellHeight * rows.length,
    };
    const domains = paper.domains(area);
    const plain = { showgrid: false, showline: false, ticks: "", fixedrange: true, automargin: false };
    axes[`xaxis${axis}`] = {
      ...plain,
      title: { text: columnAxis, standoff: 6 },
      domain: domains.x,
      anchor: `y${axis}`,
      tickvals: columns.map((_, column) => column),
      ticktext: columns,
      range: [-0.5, columns.length - 0.5],
    };
    axes[`yaxis${axis}`] = {
      ...plain,
      // The panels of a row share the labels of the first.
      ...(index % across === 0 ? { title: { text: rowAxis, standoff: 8 } } : { visible: false }),
      domain: domains.y,
      anchor: `x${axis}`,
      tickvals: rows.map((_, row) => row),
      ticktext: rows,
      range: [rows.length - 0.5, -0.5],
    };
    const bar = {
      title: { text: barTitle, side: "right" },
      thickness: 13,
      x: 1.012,
      ypad: 0,
      y: paper.y(above),
      yanchor: "top",
      lenmode: "pixels",
      len: cellHeight * rows.length,
    };
    const result = drawPanel(panel, axis, limit, index === 0 ? bar : undefined);
    result.annotations.push({
      text: `<b>${typesetter.wrap(panel.title, panelWidth, style).join("<br>")}</b>`,
      x: paper.x(area.left),
      y: paper.y(area.top - 6),
      xref: "paper",
      yref: "paper",
      xanchor: "left",
      yanchor: "bottom",
      align: "left",
      showarrow: false,
      font: { size: style.size },
    });
    return result;
  });
  const { top } = await titleLines(title, width);
  const layout = {
    title: { text: title },
    width: Math.max(left + inner.width + right, 420),
    height: top - 20 + inner.height,
    margin: { l: left, r: right, t: top - 20, b: 0, autoexpand: false },
    ...axes,
    shapes: drawn.flatMap(({ shapes }) => shapes),
    annotations: [
      ...drawn.flatMap(({ annotations }) => annotations),
      {
        text: "Below each difference is its interval; a cell is hatched where that holds zero.",
        x: paper.x(0),
        y: 0,
        xref: "paper",
        yref: "paper",
        xanchor: "left",
        yanchor: "bottom",
        yshift: 8,
        showarrow: false,
        font: { size: 12, color: "#555555" },
      },
    ],
  } as unknown as Partial<Layout>;
  return { data: drawn.map(({ trace }) => trace), layout, alt };
}

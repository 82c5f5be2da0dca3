import * as fs from "node:fs";
import { type Typesetter, typesetterFor } from "../lettering/typesetter";
import { importPackage, loadPackage } from "../packages";
import { PixelCanvas } from "./pixel-canvas";
import { ownBounds, pageBounds } from "./svg-bounds";
import { outlineTexts, type SvgElement } from "./svg-text";

/** What is used of a jsdom window; the library is compiled without the browser's types. */
interface PlotWindow {
  eval(source: string): unknown;
  close(): void;
  document: { getElementById(id: string): SvgElement & { innerHTML: string } };
  SVGElement: { prototype: Record<string, unknown> };
  HTMLCanvasElement: { prototype: Record<string, unknown> };
  DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: DrawnSvg } };
  Plotly: {
    newPlot(element: object, data: unknown, layout: unknown, config: unknown): Promise<unknown>;
    toImage(element: object, options: Record<string, unknown>): Promise<string>;
    purge(element: object): void;
  };
  JSON: JSON;
  Math: { random: () => number };
  [global: string]: unknown;
}
interface DrawnSvg extends SvgElement {
  readonly outerHTML: string;
}
interface CanvasElement {
  width: number;
  height: number;
  pixels?: PixelCanvas;
}

/** Plotly in a page without a screen. */
interface PlotPage {
  window: PlotWindow;
  /** Measures and draws the texts of the figure that is being drawn. */
  typesetter: Typesetter;
}

let plotPage: Promise<PlotPage> | undefined;

/** Loads Plotly: about half a second. */
async function loadPlotly(): Promise<PlotPage> {
  const { encode } = await importPackage(() => import("fast-png"));
  const { svgPathProperties } = loadPackage(
    () => require("svg-path-properties") as typeof import("svg-path-properties"),
  );
  const plotly = loadPackage(() => require.resolve("plotly.js-dist"));
  const { JSDOM, VirtualConsole } = loadPackage(() => require("jsdom")) as {
    JSDOM: new (html: string, options: Record<string, unknown>) => { window: PlotWindow };
    VirtualConsole: new () => unknown;
  };
  const page = new JSDOM('<!doctype html><html><body><div id="figure"></div></body></html>', {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    // Not connected to the console: jsdom reports missing browser features that no figure needs.
    virtualConsole: new VirtualConsole(),
  }).window;
  const result: PlotPage = { window: page, typesetter: await typesetterFor() };
  // What the script asks for while it loads (the map and WebGL traces, which are never drawn here).
  Object.assign(page, { TextDecoder, TextEncoder });
  (page.URL as Record<string, unknown>).createObjectURL = () => "blob:none";

  Object.assign(page.SVGElement.prototype, {
    getBoundingClientRect(this: SvgElement) {
      return pageBounds(this, result.typesetter);
    },
    getBBox(this: SvgElement) {
      return ownBounds(this, result.typesetter);
    },
    getComputedTextLength(this: SvgElement) {
      return ownBounds(this, result.typesetter).width;
    },
    getTotalLength(this: SvgElement) {
      return new svgPathProperties(this.getAttribute("d") ?? "").getTotalLength();
    },
    getPointAtLength(this: SvgElement, distance: number) {
      return new svgPathProperties(this.getAttribute("d") ?? "").getPointAtLength(distance);
    },
  });
  Object.assign(page.HTMLCanvasElement.prototype, {
    getContext(this: CanvasElement, kind: string) {
      if (kind !== "2d") return null;
      this.pixels ??= new PixelCanvas(this.width, this.height);
      return this.pixels;
    },
    toDataURL(this: CanvasElement) {
      return this.pixels?.toDataUrl(encode) ?? "data:,";
    },
  });
  page.eval(fs.readFileSync(plotly, "utf8"));
  return result;
}

/** Plotly names its clip paths by `Math.random`; the same start for every figure makes equal files. */
function restartRandomNumbers(page: PlotWindow): void {
  let state = 1;
  page.Math.random = () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/**
 * Draws a Plotly figure as SVG in this process, without a browser. All text is drawn as outlines.
 * @param figureJson the figure's `{data, layout}` as JSON, exactly as a browser would get it.
 * @param width,height size in pixels.
 */
export async function drawSvg(figureJson: string, width: number, height: number): Promise<string> {
  plotPage ??= loadPlotly();
  const plot = await plotPage;
  const page = plot.window;
  plot.typesetter = await typesetterFor(figureJson);
  restartRandomNumbers(page);
  const { data, layout } = page.JSON.parse(figureJson) as { data: unknown; layout: object };
  const element = page.document.getElementById("figure");
  try {
    await page.Plotly.newPlot(element, data, Object.assign(layout, { width, height }), { staticPlot: true });
    const svg = await page.Plotly.toImage(element, { format: "svg", width, height, imageDataOnly: true });
    const root = new page.DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
    outlineTexts(root, plot.typesetter);
    return root.outerHTML;
  } finally {
    page.Plotly.purge(element);
    element.innerHTML = "";
  }
}

import type { Data, Layout } from "plotly.js-dist";
import { type Typesetter, typesetterFor } from "../lettering/typesetter";
import { axisTitleSize, fontSize, sideMargins } from "./house-template";

interface Area {
  width: number;
  height: number;
  /** Of the plot, as far as the figure itself fixes them, in pixels. */
  margin: { l?: number; r?: number; t?: number; b?: number; autoexpand?: boolean };
}

interface Axis {
  title?: { text?: string; font?: { size?: number } };
  domain?: [number, number];
  categoryarray?: unknown;
  ticktext?: unknown;
}

/** Share of the figure's width that the labels of its vertical axis, or the names in its legend, may take. */
const largestShare = 0.4;
/** Distance in pixels between the lines of a label, and from an axis to its labels and from these to its title. */
const lineDistance = 1.3 * axisTitleSize;
const besideLabels = 22;
/** What a legend takes beside its names. */
const besideNames = 60;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";

/** Breaks and measures labels; one with mark-up keeps the lines that its author gave it. */
class Labels {
  constructor(private readonly typesetter: Typesetter) {}

  broken(label: string, width: number, size = fontSize): string {
    if (label.includes("<") || this.typesetter.width(label, { size }) <= width) return label;
    return this.typesetter.wrap(label, width, { size }).join("<br>");
  }

  /** The texts of a list broken; numbers and dates stay. */
  allBroken(values: unknown, width: number): unknown {
    return Array.isArray(values)
      ? values.map((one) => (isText(one) ? this.broken(one, width) : one))
      : values;
  }

  widest(labels: readonly string[]): number {
    const lines = labels.flatMap((label) => label.split("<br>"));
    return Math.max(0, ...lines.map((line) => this.typesetter.width(line, { size: fontSize })));
  }
}

interface Trace {
  name?: string;
  x?: unknown;
  y?: unknown;
  showlegend?: boolean;
}

const textsOf = (values: unknown): string[] => (Array.isArray(values) ? values.filter(isText) : []);

/**
 * The figure with its long labels broken into lines: titles of axes as long as their axis, names of categories and of
 * traces where they would take more than two fifths of the figure. Otherwise a title would be cut off at the figure's
 * edge, and labels would leave no room for the plot.
 */
export async function breakLongLabels(
  data: readonly Partial<Data>[],
  layout: Partial<Layout>,
  { width, height, margin }: Area,
): Promise<{ data: Partial<Data>[]; layout: Partial<Layout> }> {
  const axes = Object.entries(layout).filter(
    (entry): entry is [string, Axis] => /^[xy]axis\d*$/.test(entry[0]) && isObject(entry[1]),
  );
  const given = data as readonly Trace[];
  const listed = (direction: "x" | "y") => [
    ...given.flatMap((trace) => textsOf(trace[direction])),
    ...axes
      .filter(([key]) => key.startsWith(direction))
      .flatMap(([, { ticktext, categoryarray }]) => [...textsOf(ticktext), ...textsOf(categoryarray)]),
  ];
  const names = given.flatMap(({ name }) => name ?? []);
  const titles = axes.flatMap(([, { title }]) => title?.text ?? []);
  const categories = new Set(listed("x"));
  const labels = new Labels(await typesetterFor(...names, ...titles, ...categories, ...listed("y")));

  const most = { x: 0.2 * height, y: largestShare * width };
  const legend = (layout.showlegend ?? given.length > 1) && layout.legend?.orientation !== "h";
  const named = given.filter(({ showlegend }) => showlegend !== false).flatMap(({ name }) => name ?? []);
  const grows = margin.autoexpand !== false;
  const nameWidth = legend && grows ? labels.widest(named.map((name) => labels.broken(name, most.y))) : 0;
  const labelWidth = grows ? labels.widest(listed("y").map((label) => labels.broken(label, most.y))) : 0;
  const right = Math.max(margin.r ?? sideMargins.r, nameWidth > 0 ? nameWidth + besideNames : 0);
  const left = Math.max(
    margin.l ?? sideMargins.l,
    labelWidth > 0 ? labelWidth + besideLabels + lineDistance : 0,
  );
  // Labels below the plot stay level where they fit side by side.
  most.x = Math.max(most.x, (width - left - right) / Math.max(1, categories.size) - 8);
  const lines = [...categories].map((label) => labels.broken(label, most.x).split("<br>").length);
  const bottom = (margin.b ?? sideMargins.b) + (Math.max(1, ...lines) - 1) * lineDistance;
  const inner = { x: width - left - right, y: height - (margin.t ?? 0) - bottom };

  const brokenAxes = axes.map(([key, axis]) => {
    const direction = key[0] as "x" | "y";
    const { title, domain = [0, 1], categoryarray, ticktext } = axis;
    const length = Math.max(1, inner[direction] * (domain[1] - domain[0]));
    const text = title?.text && labels.broken(title.text, length, title.font?.size ?? axisTitleSize);
    const changed: Axis = {
      ...axis,
      ...(title && { title: { ...title, ...(text && { text }) } }),
      ...(categoryarray !== undefined && { categoryarray: labels.allBroken(categoryarray, most[direction]) }),
      ...(ticktext !== undefined && { ticktext: labels.allBroken(ticktext, most[direction]) }),
    };
    return [key, changed] as const;
  });
  const traces = given.map((trace) => ({
    ...trace,
    ...(isText(trace.name) && { name: labels.broken(trace.name, most.y) }),
    ...(textsOf(trace.x).length > 0 && { x: labels.allBroken(trace.x, most.x) }),
    ...(textsOf(trace.y).length > 0 && { y: labels.allBroken(trace.y, most.y) }),
  }));
  return { data: traces as Partial<Data>[], layout: { ...layout, ...Object.fromEntries(brokenAxes) } };
}

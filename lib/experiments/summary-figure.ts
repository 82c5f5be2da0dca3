/** A mean with its 95 % interval, as shares of 1. */
export interface MeanRow {
  /** Which means stand together. */
  group: string;
  /** Which means share a colour. */
  series: string;
  mean: number;
  lower: number;
  upper: number;
}

interface Described {
  title: string;
  /** What the figure shows, with its numbers, for whoever can't see it. */
  alt: string;
}

/** One line per mean, in percent. */
export interface LinesFigure extends Described {
  kind: "lines";
  /** What is measured, with its unit. */
  axis: string;
  /** What guessing reaches, as a share. */
  chance: number;
  rows: readonly MeanRow[];
}

/** Panels side by side that share their groups, one measure each, in percent. */
export interface PanelsFigure extends Described {
  kind: "panels";
  /** What the groups are. */
  groups: string;
  panels: readonly {
    /** What is measured, with its unit. */
    axis: string;
    rows: readonly MeanRow[];
  }[];
}

/** Differences over two axes of an experiment, a panel each, such as target size and number of distractors. */
export interface SurfaceFigure extends Described {
  kind: "surface";
  /** Titles of the axes, with their units. */
  rowAxis: string;
  columnAxis: string;
  /** What the numbers are, such as "attention − mean (percentage points)". */
  quantity: string;
  /** All with the same rows and columns. */
  panels: readonly {
    title: string;
    /** Labels, the first row at the top. */
    rows: readonly string[];
    columns: readonly string[];
    /** `[rows][columns]`, as shares of 1, with the bounds of their intervals. */
    values: readonly (readonly number[])[];
    lower: readonly (readonly number[])[];
    upper: readonly (readonly number[])[];
  }[];
}

/** The figure of a table as data; `reproduce` draws it. */
export type SummaryFigure = LinesFigure | PanelsFigure | SurfaceFigure;

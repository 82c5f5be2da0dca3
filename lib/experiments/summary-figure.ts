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

/** The figure of a table as data; `reproduce` draws it. */
export type SummaryFigure = LinesFigure | PanelsFigure;

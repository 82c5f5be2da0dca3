import type { Data } from "plotly.js-dist";
import { UserError } from "../../runtime/user-error";

/** One mean with its interval, as shares of 1. */
export interface IntervalRow {
  /** Which lines stand together. */
  group: string;
  /** Which lines share a colour. */
  series: string;
  mean: number;
  lower: number;
  upper: number;
}

/** @throws UserError without rows, and for a row whose numbers are not finite or whose interval is upside down. */
export function checkIntervals(rows: readonly IntervalRow[], what: string): void {
  if (rows.length === 0) throw new UserError(`${what} has no rows to draw.`);
  for (const { group, series, mean, lower, upper } of rows) {
    if (![mean, lower, upper].every(Number.isFinite) || lower > upper) {
      throw new UserError(
        `${what}: the row "${group}", "${series}" has the mean ${mean} and the interval from ${lower} to ${upper}; ` +
          "these are finite shares of 1, the lower bound first.",
      );
    }
  }
}

/** How means and their intervals are drawn: sizes in pixels. */
export interface IntervalMarkers {
  colour: string;
  /** One of Plotly's. */
  symbol: string;
  dot: number;
  /** Width of the stroke that ends an interval. */
  cap: number;
}

/** A share in percent, two decimals. */
export const percentOf = (share: number) => Math.round(share * 10_000) / 100;

/** Means as dots with their intervals as bars, along the x axis, in percent; where they lie on y is the figure's to say. */
export function intervalMarkers(
  rows: readonly IntervalRow[],
  { colour, symbol, dot, cap }: IntervalMarkers,
): Partial<Data> {
  return {
    type: "scatter",
    mode: "markers",
    x: rows.map(({ mean }) => percentOf(mean)),
    error_x: {
      type: "data",
      symmetric: false,
      array: rows.map(({ mean, upper }) => percentOf(upper - mean)),
      arrayminus: rows.map(({ mean, lower }) => percentOf(mean - lower)),
      color: colour,
      thickness: 2,
      width: cap,
    },
    marker: { color: colour, symbol: symbol as "circle", size: dot },
  };
}

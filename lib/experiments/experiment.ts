import type { PixelImage } from "../images/pixel-image";
import type { OnProgress } from "../runtime/progress";
import type { SummaryFigure } from "./summary-figure";

/** A line of a CSV file: column → value; `""` where a column does not apply. */
export type Row = Record<string, string | number>;

export interface RunOptions {
  /** Told the share of the work that is done, 0 … 1; first what was found on record. */
  onProgress: OnProgress;
  /** Rows that are taken as done where their run's name is the same; none to compute everything on this machine. */
  committed: readonly Row[];
  /** Told the rows so far whenever a part of the table is whole, to keep them. */
  onRows: (rows: readonly Row[]) => Promise<void>;
}

/** A committed row beside the one that this machine computes today. */
export interface RowAgain {
  committed: Row;
  now: Row;
}

/** How much of a table is computed again to be held against its committed rows. */
export type Extent = "first repeat" | "spot check";

/** A table as a reader sees it: every cell is text. */
export interface ReportTable {
  /** Says what the table holds; a page folds a table with a caption away under it. */
  caption?: string;
  columns: readonly { title: string; align: "left" | "centre" | "right" }[];
  rows: readonly (readonly string[])[];
}

/** What is said of the rows: everything here follows from them alone. */
export interface Report {
  /** One row per line of the table: mean and interval. */
  summary: Row[];
  /** One row per question: the paired difference, its interval, and what could have been seen. */
  comparisons: Row[];
  /** What a reader of the first page is told, in a sentence or two with intervals; nothing where the table is not for it. */
  finding?: string;
  /** The tables for their page, `data/reference/README.md`, and the terminal. */
  tables: readonly ReportTable[];
  /** How the tables are to be read; stands below them, in Markdown. */
  note: string;
  figure: SummaryFigure;
  /** Further rows that follow, each with a figure, by the ending of their files. */
  more?: readonly { ending: string; rows: Row[]; figure: SummaryFigure }[];
}

/** One picture of the sheet of examples: an image, and where it was looked at. */
export interface ExamplePicture {
  image: PixelImage;
  /** The true mask of the object, of the image's size. */
  mask: PixelImage;
  caption: string;
  /** What each position counted, row-major, not negative; absent for the bare image. */
  map?: { values: readonly number[]; rows: number; columns: number };
}

/** Rows of pictures of the first test images of the first seed: taken as they come, never chosen. */
export interface ExampleSheet {
  rows: ExamplePicture[][];
  /** Side of a picture on the sheet, in pixels. */
  cellSize: number;
}

/** What `run` gives: the rows, and pictures of what the runs did. */
export interface RunOutcome {
  /** In the order of the table. */
  rows: Row[];
  /** Pictures of what the runs did, where their models are on this machine. */
  examples?: ExampleSheet | undefined;
  /** Further files that the rows are read with, by path. */
  files?: ReadonlyMap<string, string>;
}

/** A table: its question, the grid of runs that answers it, and the statistics that judge the answer. */
export interface Experiment {
  /** Name of its files in `data/reference`, and of its rows in `data/reference/answers`. */
  name: string;
  title: string;
  /** The columns of its rows, in order. */
  columns: readonly string[];
  /** Those of the columns that hold names; the others hold numbers. */
  names: readonly string[];
  /** Makes the runs that are not done yet. */
  run(options: RunOptions): Promise<RunOutcome>;
  /**
   * Computes some runs that have committed rows again: those of the first repeat, or a few drawn by lot. Equal digits are the
   * proof that today's code gives what is committed.
   */
  again: {
    run(extent: Extent, options: RunOptions): Promise<RowAgain[]>;
    /** Columns that differ from run to run, such as times. */
    changing: readonly string[];
    /** Seconds that the whole table takes on one core. */
    seconds: number;
  };
  /**
   * @throws UserError when rows are missing, too many or unreadable.
   */
  report(rows: readonly Row[]): Report;
}

import type { PixelImage } from "../images/pixel-image";
import type { OnProgress } from "../runtime/progress";

/** A line of a CSV file: column → value; `""` where a column does not apply. */
export type Row = Record<string, string | number>;

export interface RunOptions {
  /** Told the share of the work that is done, 0 … 1; first what was found on record. */
  onProgress: OnProgress;
  /** Told what a reader of the log should know, such as a damaged file that was made again. */
  onNote: (message: string) => void;
}

/** What is said of the rows: everything here follows from them alone. */
export interface Report {
  /** One row per line of the table: mean and interval. */
  summary: Row[];
  /** One row per question: the paired difference, its interval, and what could have been seen. */
  comparisons: Row[];
  /** The table for README, in Markdown. */
  markdown: string;
}

/** One picture of the sheet of examples: an image, and where it was looked at. */
export interface ExamplePicture {
  image: PixelImage;
  /** The true mask of the object, of the image's size. */
  mask: PixelImage;
  caption: string;
  /** Weights of the positions, row-major; absent for the bare image. */
  attention?: { weights: readonly number[]; rows: number; columns: number };
}

/** What `run` gives: the rows, and pictures of what the runs did. */
export interface RunOutcome {
  /** One row per run, in the order of the table. */
  rows: Row[];
  /** Rows of pictures, the same images in each: the first test images of the first seed, never chosen. */
  examples: ExamplePicture[][];
}

/** A table: its question, the grid of runs that answers it, and the statistics that judge the answer. */
export interface Experiment {
  /** Name of its files in `data/reference`. */
  name: string;
  title: string;
  /** Accuracy of guessing, as a share. */
  chance: number;
  /** The columns of its rows, in order. */
  columns: readonly string[];
  /** Makes the runs that are not on record yet. */
  run(options: RunOptions): Promise<RunOutcome>;
  /**
   * @throws UserError when rows are missing, too many or unreadable.
   */
  report(rows: readonly Row[]): Report;
}

import * as fs from "node:fs";
import * as path from "node:path";
import { projectFolder } from "../../node/files";

/** What `write_scores.py` writes. */
export interface ScoreGoldens {
  localisation: {
    height: number;
    width: number;
    images: {
      rows: number;
      columns: number;
      map: number[];
      /** A digit for each pixel, row-major: 1 inside the object. */
      mask: string;
      /** left, top, width, height */
      box: [number, number, number, number];
      massInside: number;
      /** From the largest cell's pixel to the nearest pixel of the object. */
      distance: number;
      bestIou: number;
      points: [number, number][];
      partPoints: number;
      /** Of the largest component at every fiftieth of the thresholds 0, 0.001, … 1. */
      boxes: [number, number, number, number][];
    }[];
    ious: number[];
    accuracies: number[];
  };
  correlations: { first: number[]; second: number[]; pearson: number; spearman: number }[];
  distributions: {
    first: number[];
    second: number[];
    jensenShannon: number;
    totalVariation: number;
    entropy: number;
  }[];
  similarities: {
    rows: number;
    columns: number;
    window: number;
    first: number[];
    second: number[];
    ssim: number;
  }[];
}

export function readScoreGoldens(): ScoreGoldens {
  const file = path.join(projectFolder(), "lib", "explain", "goldens", "scores.json");
  return JSON.parse(fs.readFileSync(file, "utf8")) as ScoreGoldens;
}

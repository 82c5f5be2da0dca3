import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { besidePhotograph, betweenPair } from "./beside";
import { type CaseChoice, chooseCases } from "./choose-cases";
import type { GridCell, GridOptions } from "./image-grid";
import { type ImageMap, threeDigits } from "./image-map";
import { overlayWeights } from "./overlay";

/** One image that was judged, with the map to be looked at. */
export interface ScoredCase extends ImageMap {
  image: PixelImage;
  /** The object's true mask, of the image's size; its border is drawn. */
  outline?: PixelImage;
  /** Finite; higher is better. */
  score: number;
  /** What is in the image, and what the model took it for. */
  label: string;
  prediction: string;
}

/** How many cases a contact sheet shows, and how they are drawn. */
export interface ContactSheetOptions {
  /** What the score is, such as "mass inside the mask". */
  score: string;
  /** Cases in a row; 5 when left out, or all where there are fewer. */
  count?: number;
  /** Draws the random cases: equal seeds, equal cases. */
  seed: number;
  /** Side in pixels of a photograph, and of the map beside it; 112 when left out. */
  cellSize?: number;
}

/** What `showImages` and `saveImages` take. */
export interface ContactSheet extends GridOptions {
  cells: GridCell[];
  /** The rules by which the cases were chosen, and their scores. */
  alt: string;
}

async function cellOf(one: ScoredCase): Promise<GridCell> {
  const { image, map, rows, columns, outline, score, label, prediction } = one;
  const answer = label === prediction ? `${label}, recognised` : `${label}, taken for ${prediction}`;
  return {
    image: besidePhotograph(image, await overlayWeights(image, map, rows, columns, outline && { outline })),
    caption: `${threeDigits(score)}: ${answer}`,
  };
}

/** "0.98 to 0.95, 4 of 5 recognised" */
function inNumbers({ indices }: CaseChoice, cases: readonly ScoredCase[]): string {
  const chosen = indices.map((index) => cases[index]!);
  const scores = chosen.map(({ score }) => threeDigits(score));
  const right = chosen.filter(({ label, prediction }) => label === prediction).length;
  return `${Math.max(...scores)} to ${Math.min(...scores)}, ${right} of ${chosen.length} recognised`;
}

/**
 * A sheet of the best, the middling, the worst and of random cases, so that nobody has to trust a choice of
 * pictures. Each is chosen by the rule above its row (`chooseCases`) and stands beside its photograph; below it are
 * score, label and prediction. Every map has its own scale, as `overlayWeights` gives it one.
 *
 * ```ts
 * const cases = scenes.map(({ image, mask }, i) => ({
 *   image, outline: mask, map: weights[i], rows: 14, columns: 14,
 *   score: massInside[i], label: truth[i], prediction: answers[i],
 * }));
 * const sheet = await contactSheet(cases, { score: "mass inside the mask", seed: 1 });
 * await showImages(sheet.cells, sheet);
 * await saveImages("figures/sheet.png", sheet.cells, sheet);
 * ```
 * @throws UserError without cases, and as `chooseCases` and `overlayWeights`.
 */
export async function contactSheet(
  cases: readonly ScoredCase[],
  options: ContactSheetOptions,
): Promise<ContactSheet> {
  if (cases.length === 0) throw new UserError("A contact sheet needs at least one case.");
  const { score, seed, cellSize = 112, count = Math.min(5, cases.length) } = options;
  const choices = chooseCases(
    cases.map((one) => one.score),
    { count, seed },
  );
  const chosen = choices.flatMap(({ indices }) => indices.map((index) => cases[index]!));
  return {
    cells: await Promise.all(chosen.map(cellOf)),
    columns: count,
    cellSize: 2 * cellSize + betweenPair,
    title: `${cases.length} cases by ${score}`,
    rowTitles: choices.map(({ rule }) => `${rule[0]!.toUpperCase()}${rule.slice(1)}`),
    alt: `Maps over their images, chosen by ${score}. ${choices
      .map((choice) => `${choice.rule}: ${inNumbers(choice, cases)}`)
      .join("; ")}.`,
  };
}

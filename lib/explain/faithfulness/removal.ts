import type { PixelImage } from "../../images/pixel-image";
import { requireWhole, shown } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import type { RelevanceMap } from "../question";
import { requireMap } from "../relevance-map";
import { cellOfPixels, mixImages } from "./cells";
import { type RemovalBaseline, removalBaselineImage } from "./removal-baseline";
import { placesInOrder } from "./removal-order";

/** `deletion` removes the most relevant cells first; `insertion` starts from nothing and brings them back first. */
export type RemovalKind = "deletion" | "insertion";

/** How cells are removed. */
export interface RemovalOptions {
  /** Whether cells are taken away, the most relevant first, or brought back in that order. */
  kind: RemovalKind;
  /** Changes after the first image, each of as many cells as the next (to one); the number of cells or 50, whichever is less, by default. */
  steps?: number;
  /** What stands where cells are removed; `blurred` by default. */
  baseline?: RemovalBaseline;
  /** Decides the order of cells that are equally relevant: in the uniform control all of them. 0 by default. */
  seed?: number;
}

/** An image that loses its cells, or gets them back, in the order of a map. */
export interface RemovalSequence {
  /** Share of the cells that are changed (removed in a deletion, brought back in an insertion), from 0 to 1; steps + 1 of them. */
  shares: number[];
  /** The image after a step, 0 … steps: for the network to judge, and to show. */
  imageAt(step: number): PixelImage;
}

const MOST_STEPS = 50;

/**
 * The images behind a deletion or insertion curve; see `removalCurve`.
 * @throws UserError for a map that is none, a grid finer than the image, steps that don't fit, or a baseline that
 *   is not like the image
 */
export async function removalSequence(
  image: PixelImage,
  explanation: RelevanceMap,
  { kind, steps, baseline = "blurred", seed = 0 }: RemovalOptions,
): Promise<RemovalSequence> {
  requireMap(explanation);
  if (kind !== "deletion" && kind !== "insertion")
    throw new UserError(`There is no removal ${shown(kind)}. Choose deletion or insertion.`);
  const { map, rows, columns } = explanation;
  if (rows > image.height || columns > image.width) {
    throw new UserError(
      `A grid of ${rows} × ${columns} is finer than the image of ${image.height} × ${image.width} pixels.`,
    );
  }
  const changes = steps ?? Math.min(map.length, MOST_STEPS);
  requireWhole("The number of steps", changes, 1, map.length);
  const removed = await removalBaselineImage(image, baseline);
  const [start, end] = kind === "deletion" ? [image, removed] : [removed, image];
  const cells = cellOfPixels(image, rows, columns);
  const places = placesInOrder(map, seed);
  const changedAt = (step: number) => Math.round((step * map.length) / changes);
  return {
    shares: Array.from({ length: changes + 1 }, (_, step) => changedAt(step) / map.length),
    imageAt(step) {
      requireWhole("The step", step, 0, changes);
      const changed = changedAt(step);
      return mixImages(start, end, (pixel) => places[cells[pixel]!]! < changed);
    },
  };
}

import { UserError } from "../../runtime/user-error";
import type { Figure } from "./figure";
import { figureJson } from "./figure-json";

/** Bytes that one interactive figure may add to a saved notebook; its still picture comes on top. */
const largestFigure = 1_200_000;

/** @throws UserError where the figure would make a notebook heavy. */
export async function checkSize(figure: Figure, remedy: string): Promise<Figure> {
  const bytes = Buffer.byteLength(await figureJson(figure));
  if (bytes > largestFigure) {
    throw new UserError(
      `The figure would add ${(bytes / 1e6).toFixed(1)} MB to the notebook, more than ${largestFigure / 1e6} MB: ${remedy}.`,
    );
  }
  return figure;
}

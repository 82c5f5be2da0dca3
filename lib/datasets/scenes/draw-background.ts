import type { RandomStream } from "../../runtime/random";
import type { Background } from "../cutouts/collection";
import type { BackgroundCrop, Clutter } from "./description";
import { canvasSide } from "./layout";

/** Draws a square of a background, between the canvas's size and the background's shorter side. */
export function drawCrop({ file, width, height }: Background, stream: RandomStream): BackgroundCrop {
  const side = canvasSide + stream.integer(Math.min(width, height) - canvasSide + 1);
  return {
    file,
    mirrored: stream.uniform() < 0.5,
    left: stream.integer(width - side + 1),
    top: stream.integer(height - side + 1),
    side,
  };
}

/**
 * Draws a piece of a background for a silhouette of a size: a window on a crop of the same law as a scene's background, so
 * that what fills the silhouette is as sharp as what surrounds it.
 */
export function drawClutter(
  background: Background,
  size: { width: number; height: number },
  stream: RandomStream,
): Clutter {
  const crop = drawCrop(background, stream);
  const scale = crop.side / canvasSide;
  const width = Math.round(size.width * scale);
  const height = Math.round(size.height * scale);
  return {
    file: crop.file,
    mirrored: crop.mirrored,
    left: crop.left + stream.integer(crop.side - width + 1),
    top: crop.top + stream.integer(crop.side - height + 1),
    width,
    height,
  };
}

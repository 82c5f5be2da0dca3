import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import type { ImageMap } from "../pictures/image-map";

/** An image whose map was taken after every epoch. */
export interface WatchedImage {
  image: PixelImage;
  /** Above the picture, a few words. */
  caption: string;
  /** One map an epoch, all of one grid. */
  maps: ImageMap[];
  /** One number an epoch for the curve below, such as the mass inside the mask in percent. */
  scores: ArrayLike<number>;
  /** The object's true mask, of the image's size; its border is drawn. */
  outline?: PixelImage;
}

/** @throws UserError as `epochsFigure`. */
export function checkWatched(images: readonly WatchedImage[], epochs: readonly number[]): void {
  if (images.length < 1 || images.length > 4) {
    throw new UserError(`epochsFigure has room for 1 to 4 images side by side, not ${images.length}.`);
  }
  if (epochs.length < 2) throw new UserError("epochsFigure needs the maps of at least two epochs.");
  if (!epochs.every(Number.isFinite))
    throw new UserError(`The epochs ${epochs.join(", ")} are not all numbers.`);
  images.forEach(({ maps, scores }, index) => {
    if (maps.length !== epochs.length || scores.length !== epochs.length) {
      throw new UserError(
        `Image ${index + 1} has ${maps.length} maps and ${scores.length} scores for ${epochs.length} epochs.`,
      );
    }
    const epoch = Array.from(scores).findIndex((score) => !Number.isFinite(score));
    if (epoch >= 0) {
      throw new UserError(`Image ${index + 1} has the score ${scores[epoch]} after epoch ${epochs[epoch]}.`);
    }
    const [first] = maps;
    if (maps.some(({ rows, columns }) => rows !== first!.rows || columns !== first!.columns)) {
      throw new UserError(`The maps of image ${index + 1} are not all of one grid.`);
    }
  });
}

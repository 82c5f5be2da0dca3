import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";

/**
 * An image of a collection by its file.
 * @throws UserError where the collection does not hold it
 */
export function imageOf({ images }: { images: ReadonlyMap<string, PixelImage> }, file: string): PixelImage {
  const image = images.get(file);
  if (image) return image;
  throw new UserError(
    `A scene names ${file}, which the collection does not hold. Plan it from this collection.`,
  );
}

import { sha256 } from "../runtime/sha256";
import type { ImageSource } from "../transfer/extract";
import { readPhotograph } from "./photograph";

/**
 * Photograph files of any size as images to extract features of, each cropped and scaled as the backbone was
 * evaluated (see `readPhotograph`). Every file is decoded once now, so that a broken one is named before anything is
 * computed.
 * @param size side of the backbone's input, in pixels.
 * @throws UserError when a file is missing, broken or cut short.
 */
export async function photographs(files: readonly string[], size = 224): Promise<ImageSource> {
  const load = (index: number) => readPhotograph(files[index]!, size);
  const digests: string[] = [];
  for (const index of files.keys()) digests.push(sha256((await load(index)).data));
  return { count: files.length, digest: sha256([size, ...digests].join("\n")), load };
}

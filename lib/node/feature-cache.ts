import * as fs from "node:fs";
import * as path from "node:path";
import type { Backbone } from "../backbones/backbone";
import type { OnProgress } from "../runtime/progress";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { extractTokens, type ImageSource } from "../transfer/extract";
import type { TokenSet } from "../transfer/tokens";
import { encodeSafetensors, type FloatTensors } from "../weights/safetensors";
import { cacheFolder, writeAtomically } from "./files";
import { readSafetensors } from "./safetensors-file";
import { startTensorFlow } from "./start-tensorflow";

export interface CacheOptions {
  onProgress?: OnProgress;
  /** Where the files lie; by default `data/cache/features` of the checkout. */
  folder?: string;
  /** Told when a cached file is damaged and its features are computed again. */
  onDamaged?: (message: string) => void;
}

/**
 * The tokens of a frozen backbone at a cut point: read from disk where they were computed before, else computed
 * and kept. What is frozen is computed once.
 *
 * A file is named after what its digits depend on (the backbone's digest, the cut point, the images' digest, and
 * what computes) and carries the digest of its numbers: another weight or another image makes another file, and a
 * damaged file is noticed and made again.
 * @throws UserError as `extractTokens` does; no file is written then.
 */
export async function cachedTokens(
  backbone: Backbone,
  cut: string,
  source: ImageSource,
  options: CacheOptions = {},
): Promise<TokenSet> {
  const folder = options.folder ?? path.join(cacheFolder(), "features");
  const { backend, tensorflow, oneDnn, threads } = await startTensorFlow();
  const origin = [backbone.digest, cut, source.digest, backend, tensorflow, oneDnn, threads];
  const file = path.join(folder, `${sha256(origin.join("\n")).slice(0, 32)}.safetensors`);
  if (fs.existsSync(file)) {
    try {
      return fromFile(file);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      options.onDamaged?.(`${file} is damaged; its features are computed again.`);
    }
  }
  const tokens = await extractTokens(backbone, cut, source, options.onProgress);
  const { count, rows, columns, channels, data } = tokens;
  await writeAtomically(
    file,
    encodeSafetensors({ tokens: { shape: [count, rows, columns, channels], data } }),
  );
  return tokens;
}

function fromFile(file: string): TokenSet {
  const { shape, data } = readSafetensors(file).tokens as FloatTensors[string];
  const [count, rows, columns, channels] = shape as [number, number, number, number];
  return { data, count, rows, columns, channels };
}

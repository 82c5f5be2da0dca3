import * as fs from "node:fs";
import * as path from "node:path";
import type { AnyCutPoint, Backbone, InputBackbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import { type AnyGrid, type FreeGrid, gridOf } from "../backbones/grid";
import type { OnProgress } from "../runtime/progress";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import { extractTokens, type ImageSource } from "../transfer/extract";
import { type InputSource, requireSource } from "../transfer/input-source";
import type { TokenSet } from "../transfer/tokens";
import { readSafetensorsFrom, safetensorsParts } from "../weights/safetensors";
import { cacheFolder, requireRoom, writeAtomically } from "./files";
import { withOpenFile } from "./open-file";
import { startTensorFlow } from "./start-tensorflow";

/** Where features are kept, and who is told. */
export interface CacheOptions {
  onProgress?: OnProgress;
  /** Where the files lie; by default `data/cache/features` of the checkout. */
  folder?: string;
  /** Told when a cached file is damaged and its features are computed again. */
  onDamaged?: (message: string) => void;
  /** Told when computed features could not be written; they are returned all the same. By default a warning of Node's. */
  onNotKept?: (message: string) => void;
}

/**
 * The tokens of a frozen backbone at a cut point: read from disk where they were computed before, else computed
 * and kept. What is frozen is computed once.
 *
 * A file is named after what its digits depend on (the backbone's digest, the cut point, the images' digest, and
 * what computes) and carries the digest of its numbers: another weight or another image makes another file, and a
 * damaged file is noticed and made again. A set may be larger than 2 GiB; it is read and written in parts.
 * @throws UserError as `extractTokens` does, and before anything is computed when the folder can't be written or has no
 *   room for the set; no file is written then.
 */
export async function cachedTokens(
  backbone: Backbone,
  cut: string,
  source: ImageSource,
  options?: CacheOptions,
): Promise<TokenSet>;
export async function cachedTokens<Input>(
  backbone: InputBackbone<Input>,
  cut: string,
  source: InputSource<Input>,
  options?: CacheOptions,
): Promise<TokenSet<FreeGrid>>;
export async function cachedTokens<Input>(
  backbone: Backbone | InputBackbone<Input>,
  cut: string,
  source: ImageSource | InputSource<Input>,
  options: CacheOptions = {},
): Promise<TokenSet<AnyGrid>> {
  requireSource(source);
  requireDigest(backbone.digest, `The backbone ${backbone.name}`);
  requireDigest(source.digest, "The source of the inputs");
  const isImages = !("stack" in backbone);
  const folder = options.folder ?? path.join(cacheFolder(), "features");
  const { backend, tensorflow, oneDnn, threads } = await startTensorFlow();
  const origin = [backbone.digest, cut, source.digest, backend, tensorflow, oneDnn, threads];
  const file = path.join(folder, `${sha256(origin.join("\n")).slice(0, 32)}.safetensors`);
  const place = findCut<AnyCutPoint>(backbone, cut);
  const kept = fs.existsSync(file) ? readKept(file, source.count, place, options.onDamaged) : undefined;
  if (kept) return kept;
  const sizes = "grid" in place ? place.grid : gridOf(place);
  await requireRoom(
    folder,
    // Of an axis that is as long as the longest input, the length is not known yet.
    [source.count, ...sizes, place.channels].reduce<number>(
      (product, n) => product * (n ?? 1),
      Float32Array.BYTES_PER_ELEMENT,
    ),
  );
  const tokens: TokenSet<AnyGrid> = isImages
    ? await extractTokens(backbone, cut, source as ImageSource, options.onProgress)
    : await extractTokens(backbone, cut, source as InputSource<Input>, options.onProgress);
  const { count, channels, data, lengths } = tokens;
  try {
    const numbers = { shape: [count, ...gridOf(tokens), channels], data };
    const more = lengths && { lengths: { shape: [count], data: lengths } };
    await writeAtomically(file, safetensorsParts({ tokens: numbers, ...more }));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const tell = options.onNotKept ?? ((message: string) => process.emitWarning(message));
    tell(`The features were computed, but are not kept. ${error.message}`);
  }
  return tokens;
}

/** Without a digest, features of other inputs would be taken for these. */
function requireDigest(digest: string, what: string): void {
  if (typeof digest === "string" && digest !== "") return;
  throw new UserError(
    `${what} has no digest, so its features can't be told from others in the cache. Give it one, or call \`extractTokens\`.`,
  );
}

/** A kept set; undefined for one that is damaged, and for one from before there was a digest. */
function readKept(
  file: string,
  count: number,
  place: AnyCutPoint,
  onDamaged: CacheOptions["onDamaged"],
): TokenSet<AnyGrid> | undefined {
  try {
    const { tensors, checked } = withOpenFile(file, `The features ${file}`, (source) =>
      readSafetensorsFrom(file, source),
    );
    if (!checked) return undefined;
    const { tokens, lengths } = tensors;
    const sizes = [count, ...("grid" in place ? place.grid : gridOf(place)), place.channels];
    const fits =
      tokens?.shape.length === sizes.length &&
      sizes.every((size, axis) => size === null || size === tokens.shape[axis]);
    if (fits && tokens.data instanceof Float32Array) {
      return {
        data: tokens.data,
        count,
        ...("grid" in place
          ? { grid: tokens.shape.slice(1, -1) }
          : { rows: place.rows, columns: place.columns }),
        channels: place.channels,
        ...(lengths?.data instanceof Int32Array && { lengths: lengths.data }),
      };
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  onDamaged?.(`${file} is damaged; its features are computed again.`);
  return undefined;
}

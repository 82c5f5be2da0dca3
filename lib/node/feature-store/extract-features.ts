import * as path from "node:path";
import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import { compile } from "../../graph/compile";
import type { PixelImage } from "../../images/pixel-image";
import { stackImages } from "../../images/stack-images";
import { computeInBatches, inBatches, loadAhead } from "../../runtime/batches";
import { requireWhole } from "../../runtime/checks";
import type { OnProgress } from "../../runtime/progress";
import { UserError } from "../../runtime/user-error";
import { refuseNotFinite } from "../../transfer/check-tokens";
import type { ImageSource } from "../../transfer/extract";
import { requireSource } from "../../transfer/input-source";
import { describeBackbone } from "../../transfer/model-origin";
import { refuseOtherSize } from "../../transfer/other-size";
import type { StoredTokens } from "../../transfer/tokens";
import { cacheFolder, requireRoom } from "../files";
import { startTensorFlow } from "../start-tensorflow";
import { readFromShard, writeShard } from "./shard";
import { FeatureStore, type StoredRow } from "./store";

/** Images that are told apart one by one. */
export interface DigestedSource extends ImageSource {
  /** For each image what changes whenever it would, such as the SHA-256 of its file. */
  digests: readonly string[];
}

/** Where features are kept, and who is told. */
export interface ExtractOptions {
  /** `data/cache/features` of the checkout when left out. */
  folder?: string;
  /**
   * Keeps features in half precision: half of the disk, and each number rounded to three digits. In single precision when left
   * out.
   */
  half?: boolean;
  /** Images, not batches; it begins with those that were found on disk. */
  onProgress?: OnProgress;
  /** Told when a file of features is damaged and its images are computed again. */
  onDamaged?: (message: string) => void;
}

/** Images in one batch and one file. A part of a batch is filled up, so that no digit depends on how many came along. */
const batchSize = 32;

/**
 * Runs images through the frozen backbone up to a cut point and keeps what comes out on disk, a batch at a time: never more
 * than two batches of images and two of features are in memory, however many images there are. While a batch is computed, the
 * next is decoded and the last is written.
 *
 * Features are kept image by image, under the backbone's digest, the cut point, the preprocessing, what computes, and each
 * image's digest: of a set that grew only the new images are computed, and what was killed goes on where it was.
 * @returns tokens that are read from disk as they are needed
 * @throws UserError as `extractTokens` does, and before anything is computed when the disk has no room
 */
export async function extractFeatures(
  backbone: Backbone,
  cut: string,
  source: DigestedSource,
  options: ExtractOptions = {},
): Promise<StoredTokens> {
  const { half = false } = options;
  requireSource(source);
  if (source.digests?.length !== source.count)
    throw new UserError(
      `A source of ${source.count} images has a digest for each, not ${source.digests?.length ?? "none"}.`,
    );
  const { rows, columns, channels } = findCut(backbone, cut);
  const size = rows * columns * channels;
  const { backend, tensorflow, oneDnn, threads } = await startTensorFlow();
  const { name, digest, preprocessing } = describeBackbone(backbone);
  const origin = {
    backbone: name,
    digest,
    cut,
    preprocessing,
    machine: { backend, tensorflow, oneDnn, threads },
    ...(half && { precision: "half" as const }),
  };
  const above = options.folder ?? path.join(cacheFolder(), "features");
  const store = await FeatureStore.open(above, origin, size, options.onDamaged);
  const wanted = new Map(source.digests.map((image, index) => [image, index]));
  const missing = [...wanted].flatMap(([image, index]) => (store.find(image) ? [] : [index]));
  await requireRoom(store.folder, missing.length * size * (half ? 2 : 4));
  await computeMissing(backbone, cut, source, missing, store, options);
  const places = source.digests.map((image) => store.find(image)!);
  return { count: source.count, rows, columns, channels, read: (indices) => readRows(places, indices, size) };
}

async function computeMissing(
  backbone: Backbone,
  cut: string,
  source: DigestedSource,
  missing: readonly number[],
  store: FeatureStore,
  { half = false, onProgress }: ExtractOptions,
): Promise<void> {
  let done = source.count - missing.length;
  onProgress?.(done, source.count);
  if (missing.length === 0) return;
  const place = findCut(backbone, cut);
  const size = place.rows * place.columns * place.channels;
  const side = backbone.inputSize;
  const forward = compile(({ pixels }) => backbone.run(backbone.preprocess(pixels), "input", cut), {
    inputs: { pixels: [batchSize, side, side, 3] },
  });
  const batches = loadAhead(inBatches(missing, batchSize), async (index) => ({
    index,
    image: await source.load(index),
  }));
  const compute = (batch: { index: number; image: PixelImage }[]) => {
    const images = batch.map(({ image }) => image);
    while (images.length < batchSize) images.push(images[0]!);
    return { grids: forward({ pixels: stackImages(images, side, batch[0]!.index) }) };
  };
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const { batch, values } of computeInBatches(batches, compute)) {
      refuseOtherSize(backbone, cut, values.grids.length, batchSize * size);
      const data = (values.grids as Float32Array).slice(0, batch.length * size);
      for (const [i, { index }] of batch.entries())
        refuseNotFinite(data.subarray(i * size, (i + 1) * size), size, place.channels, index);
      await writing;
      const images = batch.map(({ index }) => source.digests[index]!);
      done += batch.length;
      const after = done;
      writing = writeShard(store.fileOf(images), images, place, data, half).then((shard) => {
        store.add(shard);
        onProgress?.(after, source.count);
      });
      // Awaited in the next round: a failure that comes earlier must not count as unhandled.
      writing.catch(() => {});
    }
    await writing;
  } finally {
    // Where a later image failed, what was computed before it is kept.
    await writing.catch(() => {});
    forward.dispose();
  }
}

function readRows(places: readonly StoredRow[], indices: ArrayLike<number>, size: number): Float32Array {
  const data = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const index = requireWhole("The index of an item", indices[i]!, 0, places.length - 1);
    const { shard, row } = places[index]!;
    readFromShard(shard, row, data.subarray(i * size, (i + 1) * size));
  }
  return data;
}

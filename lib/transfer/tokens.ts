import * as tf from "@tensorflow/tfjs";
import { type AnyGrid, gridOf, type ImageGrid, positionsOf } from "../backbones/grid";
import { requireWhole } from "../runtime/checks";

/**
 * What a backbone saw in many images, at one cut point: for every image a grid of positions, and for every
 * position a vector of channels. With another grid the same of series, words, volumes: `TokenSet<AnyGrid>` is any.
 *
 * Items that are shorter than others are padded. Either `lengths` or `mask` says which positions are padding: whatever
 * stands there has no effect.
 */
export type TokenSet<Grid extends AnyGrid = ImageGrid> = Grid & {
  /** `[count, positions, channels]`, row-major. */
  data: Float32Array;
  count: number;
  channels: number;
  /** How far each item reaches along the first axis of the grid, 1 … its size, `[count]`; the rest is padding. */
  lengths?: Int32Array;
  /** 1 where a position counts, 0 where it is padding, `[count, positions]`; every item has one that counts. */
  mask?: Uint8Array;
};

/**
 * The same kept elsewhere, such as on disk, and read a few items at a time: for sets that don't fit into the memory. None of
 * it is padding.
 */
export type StoredTokens<Grid extends AnyGrid = ImageGrid> = Grid & {
  count: number;
  channels: number;
  /**
   * The tokens of some items, `[indices, positions, channels]`, row-major, in the order of `indices`. They are finite.
   * @throws UserError where they can't be read any more
   */
  read(indices: ArrayLike<number>): Float32Array;
  lengths?: undefined;
  mask?: undefined;
};

/** Tokens in memory, or elsewhere. */
export type AnyTokens<Grid extends AnyGrid = AnyGrid> = TokenSet<Grid> | StoredTokens<Grid>;

/** Whether tokens have to be read from elsewhere. */
export function isStored(tokens: AnyTokens): tokens is StoredTokens<AnyGrid> {
  return "read" in tokens;
}

/** Numbers in one item's tokens. */
export function tokensPerItem(set: AnyTokens): number {
  return positionsOf(set) * set.channels;
}

/** Whether some positions are padding. */
export function isPadded({ lengths, mask }: Pick<TokenSet, "lengths" | "mask">): boolean {
  return lengths !== undefined || mask !== undefined;
}

/**
 * The grids of some items, `[indices, rows, columns, channels]` or `[indices, …grid, channels]`, in the order of `indices`.
 * @throws UserError for an index that no item has
 */
export function gatherGrids(set: AnyTokens<ImageGrid>, indices: ArrayLike<number>): tf.Tensor4D;
export function gatherGrids(set: AnyTokens, indices: ArrayLike<number>): tf.Tensor;
export function gatherGrids(set: AnyTokens, indices: ArrayLike<number>): tf.Tensor {
  const batch = isStored(set) ? set.read(indices) : gatherData(set, indices);
  return tf.tensor(batch, [indices.length, ...gridOf(set), set.channels]);
}

function gatherData(set: TokenSet<AnyGrid>, indices: ArrayLike<number>): Float32Array {
  const size = tokensPerItem(set);
  const batch = new Float32Array(indices.length * size);
  for (let i = 0; i < indices.length; i++) {
    const start = requireWhole("The index of an item", indices[i] as number, 0, set.count - 1) * size;
    batch.set(set.data.subarray(start, start + size), i * size);
  }
  return batch;
}

/** The mask of some items, `[indices, positions]`, 1 where a position counts; undefined where nothing is padding. */
export function gatherMask(set: AnyTokens, indices: ArrayLike<number>): tf.Tensor2D | undefined {
  if (!isPadded(set)) return undefined;
  const positions = positionsOf(set);
  const batch = new Float32Array(indices.length * positions);
  for (let i = 0; i < indices.length; i++) batch.set(maskOfItem(set, indices[i] as number), i * positions);
  return tf.tensor2d(batch, [indices.length, positions]);
}

/** Which positions of one item count, `[positions]`, 1 or 0; all where the set says nothing of padding. */
export function maskOfItem(set: AnyTokens, index: number): Uint8Array {
  const positions = positionsOf(set);
  if (set.mask) return set.mask.subarray(index * positions, (index + 1) * positions);
  const kept = new Uint8Array(positions);
  const alongFirst = gridOf(set)[0]!;
  return kept.fill(1, 0, (positions / alongFirst) * (set.lengths?.[index] ?? alongFirst));
}

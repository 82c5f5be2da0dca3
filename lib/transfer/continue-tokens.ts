import type { AnyBackbone, AnyCutPoint, Backbone } from "../backbones/backbone";
import { findCut, stridesBetween } from "../backbones/find-cut";
import { type AnyGrid, gridOf, positionsOf } from "../backbones/grid";
import { computeInBatches, indexBatches } from "../runtime/batches";
import { checkCut, checkTokens, refuseNotFinite } from "./check-tokens";
import { refuseOtherSize } from "./other-size";
import { coarserMask, withoutPadding } from "./padding";
import { gatherGrids, gatherMask, type TokenSet } from "./tokens";

const BATCH_SIZE = 64;

/**
 * Takes tokens of one cut point on to a later one through the frozen backbone, instead of starting from the images
 * again. Padding stays padding: a position counts there where one of those does of which it was made.
 * @param from the cut point that `tokens` come from.
 * @throws UserError for an unknown or earlier cut point, or tokens of another shape.
 */
export async function continueTokens(
  backbone: Backbone,
  tokens: TokenSet,
  from: string,
  to: string,
): Promise<TokenSet>;
export async function continueTokens(
  backbone: AnyBackbone,
  tokens: TokenSet<AnyGrid>,
  from: string,
  to: string,
): Promise<TokenSet<AnyGrid>>;
export async function continueTokens(
  backbone: AnyBackbone,
  tokens: TokenSet<AnyGrid>,
  from: string,
  to: string,
): Promise<TokenSet<AnyGrid>> {
  const [start, end] = [findCut(backbone, from), findCut(backbone, to)];
  checkTokens(tokens);
  checkCut(tokens, start, "given");
  const { count, lengths, mask } = tokens;
  const strides = lengths || mask ? stridesBetween(start, end) : [];
  const place = placeAt(end, start, tokens);
  const size = positionsOf(place) * end.channels;
  const data = new Float32Array(count * size);
  const masks = mask && new Uint8Array(count * positionsOf(place));
  const compute = (indices: number[]) => {
    const kept = gatherMask(tokens, indices);
    const grids = backbone.run(withoutPadding(gatherGrids(tokens, indices), kept), from, to, kept);
    return { grids, ...(mask && { kept: coarserMask(kept!, gridOf(tokens), strides) }) };
  };
  for await (const { batch, values } of computeInBatches(indexBatches(count, BATCH_SIZE), compute)) {
    refuseOtherSize(backbone, to, values.grids.length, batch.length * size);
    refuseNotFinite(values.grids as Float32Array, size, end.channels, batch[0]);
    data.set(values.grids, batch[0]! * size);
    masks?.set(values.kept!, batch[0]! * positionsOf(place));
  }
  return {
    ...place,
    data,
    count,
    channels: end.channels,
    ...(lengths && { lengths: lengths.map((length) => Math.ceil(length / strides[0]!)) }),
    ...(masks && { mask: masks }),
  };
}

/** The grid of a cut point; an axis of any size follows from that of the tokens before. */
function placeAt(end: AnyCutPoint, start: AnyCutPoint, tokens: TokenSet<AnyGrid>): AnyGrid {
  if (!("grid" in end)) return { rows: end.rows, columns: end.columns };
  const sizes = gridOf(tokens);
  const isOpen = end.grid.includes(null);
  const strides = isOpen ? stridesBetween(start, end) : [];
  return { grid: end.grid.map((size, axis) => size ?? Math.ceil(sizes[axis]! / strides[axis]!)) };
}

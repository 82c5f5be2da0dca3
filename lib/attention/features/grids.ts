import type * as tf from "@tensorflow/tfjs";
import { beside, keepOnly } from "../mask";
import { type Expected, requireTensors } from "../require-tensors";
import { gridOfRank } from "../shapes";
import { sharedMaximum } from "./shared-maximum";

/** A number for each position of a grid: what is left of `[batch, …, channels]` without the channels. */
export type PositionsOf<Grids extends tf.Tensor> =
  Grids extends tf.Tensor<tf.Rank.R3>
    ? tf.Tensor2D
    : Grids extends tf.Tensor<tf.Rank.R4>
      ? tf.Tensor3D
      : Grids extends tf.Tensor<tf.Rank.R5>
        ? tf.Tensor4D
        : tf.Tensor;

/**
 * Names of the axes of a grid: `positions` of a series, `rows` and `columns` of an image, `depth` of a volume.
 *
 * @param shape of grids, `[batch, …, channels]`; what has no axis between batch and channels is called an image
 */
export function gridAxes({ length }: { length: number }): string[] {
  const rank = length - 2;
  if (rank > 3) return Array.from({ length: rank }, (_, i) => `grid axis ${i + 1}`);
  return gridOfRank(rank) ?? ["rows", "columns"];
}

/** @throws UserError, which begins with `where`, for grids, a mask or parameters whose shapes don't fit. */
export function requireGrids(
  where: string,
  grids: tf.Tensor,
  mask: tf.Tensor | undefined,
  parameters: Readonly<Record<string, Expected>>,
): void {
  const axes = gridAxes(grids?.shape ?? []);
  requireTensors(where, {
    grids: [grids, ["batch", ...axes, "channels"]],
    mask: [mask, ["batch", ...axes], "mask"],
    ...parameters,
  });
}

/** Grids as they are computed with: 0 at masked positions, and which positions are kept, `[batch, …, 1]`. */
export interface CleanGrids<Grids extends tf.Tensor> {
  clean: Grids;
  kept?: tf.Tensor;
}

export function cleanGrids<Grids extends tf.Tensor>(grids: Grids, mask?: tf.Tensor): CleanGrids<Grids> {
  if (!mask) return { clean: grids };
  const kept = beside(grids, mask);
  return { clean: keepOnly(grids, kept), kept };
}

/** The mean of each channel over the positions that are kept, `[batch, channels]`; 0 where none is. */
export function channelMeans({ clean, kept }: CleanGrids<tf.Tensor>): tf.Tensor2D {
  const axes = positionAxes(clean);
  if (!kept) return clean.mean<tf.Tensor2D>(axes);
  const [batch] = kept.shape;
  const counts = kept.toFloat().sum(axes).maximum(1).reshape([batch!, 1]);
  return clean.sum(axes).div(counts);
}

/** The maximum of each channel over the positions that are kept, `[batch, channels]`; 0 where none is. */
export function channelMaxima({ clean, kept }: CleanGrids<tf.Tensor>): tf.Tensor2D {
  const [batch, channels] = [clean.shape[0]!, clean.shape.at(-1)!];
  return sharedMaximum(clean, positionAxes(clean), kept).reshape([batch, channels]);
}

/** Every channel of grids `[batch, …, channels]` times its gate `[batch, channels]`. */
export function scaleChannels<Grids extends tf.Tensor>(grids: Grids, gates: tf.Tensor2D): Grids {
  const [batch, channels] = gates.shape;
  return grids.mul(gates.reshape([batch, ...positionAxes(grids).map(() => 1), channels]));
}

/** All axes but the first and the last. */
function positionAxes({ rank }: tf.Tensor): number[] {
  return Array.from({ length: rank - 2 }, (_, i) => i + 1);
}

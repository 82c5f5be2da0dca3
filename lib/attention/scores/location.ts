import * as tf from "@tensorflow/tfjs";
import type { ScoreDefinition } from "./definition";
import { type Query, requireScoreInputs, withQueryAxis } from "./queries";

/** What the location-based score learns. */
export interface LocationParameters {
  /** W, `[query channels, positions]`. */
  positionProjection: tf.Tensor2D;
}

/**
 * The location-based score: e = Wᵀ y, one score a position from the query alone. It looks *where*, not *what*: with
 * a learned query it is a map of the picture that is the same for all pictures, the prior that attention to
 * content has to beat. Each position has a column of W, so that their number is fixed.
 *
 * Source: Luong, Pham and Manning 2015 (https://arxiv.org/abs/1508.04025), equation 8. Deviation: their sentences
 * differ in length, and the scores of the positions that a short one lacks are not used; a mask does it here.
 *
 * @param keys `[batch, positions, key channels]`: how many scores there must be; the values don't count
 * @param query y, `[batch, query channels]` or `[batch, queries, query channels]`; a batch of 1 is shared by all
 * @returns scores e_i, `[batch, queries, positions]`: any real numbers
 * @throws UserError for tensors whose shapes don't fit together, or that are not float32
 */
export function locationScores(
  keys: tf.Tensor3D,
  query: Query,
  { positionProjection }: LocationParameters,
): tf.Tensor3D {
  requireScoreInputs("locationScores", {
    keys,
    query,
    comparesChannels: false,
    parameters: { positionProjection: [positionProjection, ["query channels", "positions"]] },
  });
  return tf.tidy(() => {
    const [asking, queries, channels] = withQueryAxis(query).shape;
    const scores = query
      .reshape<tf.Tensor2D>([asking * queries, channels])
      .matMul(positionProjection)
      .reshape<tf.Tensor3D>([asking, queries, keys.shape[1]]);
    // Adding zeros repeats a shared query's scores over the batch.
    return asking === keys.shape[0] ? scores : tf.fill([keys.shape[0], 1, 1], 0).add(scores);
  });
}

/** e = Wᵀ y, from the query alone; for one number of positions. */
export interface LocationScore {
  kind: "location";
}

export const location: ScoreDefinition<LocationScore> = {
  fixesPositions: true,
  // At zero all positions score the same: it starts as mean pooling.
  parameters: (_score, { queryChannels, positions }) => ({
    positionProjection: { shape: [queryChannels, positions], start: "zeros" },
  }),
  scores: (_score, keys, query, parameters) =>
    locationScores(keys, query, parameters as unknown as LocationParameters),
};

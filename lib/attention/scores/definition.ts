import type * as tf from "@tensorflow/tfjs";
import type { Query } from "./queries";

/** Sizes that a layer knows when it is built. */
export interface ScoreSizes {
  /** Channels of the keys. */
  channels: number;
  /** Channels of a query. */
  queryChannels: number;
  positions: number;
}

/** A matrix that a score learns: its shape, and where its values start. */
export interface ScoreParameter {
  shape: [rows: number, columns: number];
  /** Glorot's uniform draws by default. */
  start?: "zeros";
}

/**
 * One way to score, as a layer that owns the parameters needs it.
 *
 * @typeParam S the plain data that describes the score: its `kind` and its options
 */
export interface ScoreDefinition<S> {
  /** @throws UserError, which begins with `layer`, for an option that is wrong. */
  check?(score: S, layer: string): void;
  /** Whether a query must have as many channels as a key. */
  readonly comparesChannels?: true;
  /** Whether the layer serves one number of positions alone, the one it is built for. */
  readonly fixesPositions?: true;
  /** How many channels a query has that the layer learns; those of the keys by default. */
  learnedQueryChannels?(score: S): number;
  /** What is learned beside the query, by name. */
  parameters(score: S, sizes: ScoreSizes): Record<string, ScoreParameter>;
  /**
   * @param keys `[batch, positions, channels]`
   * @param query `[batch, query channels]` or `[batch, queries, query channels]`; a batch of 1 is shared
   * @param parameters the values of `parameters()`, under the same names
   * @returns `[batch, queries, positions]`
   */
  scores(score: S, keys: tf.Tensor3D, query: Query, parameters: Record<string, tf.Tensor2D>): tf.Tensor3D;
}

import type * as tf from "@tensorflow/tfjs";
import { type Expected, requireTensors } from "../require-tensors";

/** One query for each input, `[batch, channels]`, or several, `[batch, queries, channels]`. */
export type Query = tf.Tensor<tf.Rank.R2 | tf.Rank.R3>;

/** A query with its axis of queries: `[batch, channels]` becomes `[batch, 1, channels]`. */
export function withQueryAxis(query: Query): tf.Tensor3D {
  return query.rank === 3 ? (query as tf.Tensor3D) : query.expandDims<tf.Tensor3D>(1);
}

/** What a score is given, to be checked. */
interface ScoreInputs {
  keys: tf.Tensor3D;
  query: Query;
  /** Whether a query must have as many channels as a key. */
  comparesChannels: boolean;
  /** What it learns; sizes are called "key channels", "query channels" (both "channels" if compared), "positions". */
  parameters?: Readonly<Record<string, Expected>>;
}

/** @throws UserError, which begins with the score's name, for tensors whose shapes don't fit, or that are not float32. */
export function requireScoreInputs(
  score: string,
  { keys, query, comparesChannels, parameters }: ScoreInputs,
): void {
  const [keyChannels, queryChannels] = comparesChannels
    ? ["channels", "channels"]
    : ["key channels", "query channels"];
  const batch = query?.shape?.[0] === 1 ? 1 : "batch";
  const several = query?.shape?.length === 3 ? ["queries"] : [];
  requireTensors(score, {
    keys: [keys, ["batch", "positions", keyChannels!]],
    query: [query, [batch, ...several, queryChannels!]],
    ...parameters,
  });
}

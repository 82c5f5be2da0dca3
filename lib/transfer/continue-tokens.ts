import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { findCut } from "../backbones/find-cut";
import { checkCut, checkTokens, refuseNotFinite } from "./labelled-tokens";
import { gatherGrids, type TokenSet } from "./tokens";

const BATCH_SIZE = 64;

/**
 * Takes tokens of one cut point on to a later one through the frozen backbone, instead of starting from the images
 * again.
 * @param from the cut point that `tokens` come from.
 * @throws UserError for an unknown or earlier cut point, or tokens of another shape.
 */
export async function continueTokens(
  backbone: Backbone,
  tokens: TokenSet,
  from: string,
  to: string,
): Promise<TokenSet> {
  const { rows, columns, channels } = findCut(backbone, to);
  checkTokens(tokens);
  checkCut(tokens, findCut(backbone, from), "given");
  const { count } = tokens;
  const size = rows * columns * channels;
  const data = new Float32Array(count * size);
  for (let start = 0; start < count; start += BATCH_SIZE) {
    const indices = Array.from({ length: Math.min(BATCH_SIZE, count - start) }, (_, i) => start + i);
    const grids = tf.tidy(() => backbone.run(gatherGrids(tokens, indices), from, to));
    const values = await grids.data<"float32">();
    grids.dispose();
    refuseNotFinite(values, size, channels, start);
    data.set(values, start * size);
  }
  return { data, count, rows, columns, channels };
}

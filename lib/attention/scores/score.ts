import { requireOneOf } from "../arguments";
import { type AdditiveScore, additive } from "./additive";
import { type CosineScore, cosine } from "./cosine";
import type { ScoreDefinition } from "./definition";
import {
  type DotProductScore,
  dotProduct,
  type ScaledDotProductScore,
  scaledDotProduct,
} from "./dot-product";
import { type GeneralScore, general } from "./general";
import { type LocationScore, location } from "./location";

/** How well a position answers a query, as plain data: `{ kind: "cosine", temperature: 0.1 }`. */
export type Score =
  | AdditiveScore
  | DotProductScore
  | ScaledDotProductScore
  | GeneralScore
  | CosineScore
  | LocationScore;

const definitions: { [K in Score["kind"]]: ScoreDefinition<Extract<Score, { kind: K }>> } = {
  additive,
  dotProduct,
  scaledDotProduct,
  general,
  cosine,
  location,
};

/**
 * What a layer needs to know of a score, after checking it.
 * @throws UserError, which begins with `layer`, for an unknown kind or a wrong option
 */
export function scoreDefinition(score: Score, layer: string): ScoreDefinition<Score> {
  requireOneOf(layer, "the kind of score", score?.kind, Object.keys(definitions) as Score["kind"][]);
  const definition: ScoreDefinition<Score> = definitions[score.kind];
  definition.check?.(score, layer);
  return definition;
}

import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { spearman } from "../correlation";
import { massInside } from "../localisation/mass-inside";
import type { RelevanceMap } from "../question";

/** A part of a scene that can be taken out of it, and what that costs. */
export interface ScenePart {
  /** `[height, width, 1]`, 0 … 255: where the part lies. */
  mask: PixelImage;
  /** How far the explained logit drops when the scene is made again without the part, in logits; negative where it rises. */
  worth: number;
}

/** How far a map agrees with what parts of a scene are worth to the model. */
export interface CausalAgreement {
  /** The share of the map that lies on each part, 0 … 1. */
  masses: number[];
  /** Spearman's correlation over the parts of the map's mass per area and the parts' worth, −1 … 1. */
  rankPerArea: number;
  /** The same with the mass itself, in which large parts count more. */
  rankInSum: number;
  /**
   * How much of the map's mass is where the worth is: Σ min(mass, worth) over the parts, with masses and positive worths each
   * scaled to sum to one. 1 where the map shares its mass out as the parts' worths are, 0 where it lies on parts that are
   * worth nothing.
   */
  overlap: number;
}

/**
 * Scores a map by the causal truth that made scenes have: a part's worth is what the explained logit loses when the scene is
 * rendered again without it. Unlike a mask, which says where the thing is, that says what *this* model used; unlike deletion it
 * needs no baseline, since a scene without a part is as much a scene as one with it.
 *
 * A correlation is NaN where all parts have the same worth or mass, the overlap where no part is worth anything.
 *
 * Source: the idea is that of FunnyBirds (Hesse, Schaub-Meyer and Roth 2023, https://arxiv.org/abs/2308.06248), whose birds are
 * rendered without a part; the scores are ours.
 *
 * @param parts two or more that don't overlap, such as the things of a scene and its background
 * @throws UserError for a map that is none, an empty mask, fewer than two parts, or a worth that is not finite
 */
export function causalAgreement(explanation: RelevanceMap, parts: readonly ScenePart[]): CausalAgreement {
  if (parts.length < 2) throw new UserError(`A rank over parts needs two or more, not ${parts.length}.`);
  const worths = parts.map(({ worth }) => worth);
  const masses = parts.map(({ mask }) => massInside(explanation, mask));
  const perArea = masses.map((mass, part) => mass / areaOf(parts[part]!.mask));
  return {
    masses,
    rankPerArea: spearman(perArea, worths),
    rankInSum: spearman(masses, worths),
    overlap: overlapOf(
      masses,
      worths.map((worth) => Math.max(0, worth)),
    ),
  };
}

/** The share of the image that a mask covers. */
function areaOf({ data }: PixelImage): number {
  return data.reduce((sum, value) => sum + value, 0) / 255 / data.length;
}

function overlapOf(first: readonly number[], second: readonly number[]): number {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);
  const [ofFirst, ofSecond] = [total(first), total(second)];
  if (ofSecond === 0) return Number.NaN;
  if (ofFirst === 0) return 0;
  return first.reduce((sum, value, i) => sum + Math.min(value / ofFirst, second[i]! / ofSecond), 0);
}

import { spearman } from "../../explain/correlation";
import { randomStream } from "../../runtime/random";

/** How a ranking of methods agrees with another, with its 95 % interval for other scenes. */
export interface RankAgreement {
  /** Spearman's correlation of the methods' means, −1 … 1. */
  agreement: number;
  lower: number;
  upper: number;
}

const DRAWS = 1000;

/**
 * Ranks methods by the means of one score, and by those of another, and says how far the rankings agree: is a score that can be
 * had anywhere worth what the truth is worth that made scenes alone have? The interval is the percentile bootstrap's, with
 * things drawn anew and all their scenes with them.
 *
 * @param first @param second for each scene a number a method, more is better; NaN where there is none, which is left out of the
 *   method's mean
 * @param things the target of each scene
 */
export function rankAgreement(
  first: readonly (readonly number[])[],
  second: readonly (readonly number[])[],
  things: readonly string[],
  seed = 0,
): RankAgreement {
  const numbers = new Map([...new Set(things)].map((thing, number) => [thing, number]));
  const scenesOf = Array.from(numbers, () => [] as number[]);
  for (const [scene, thing] of things.entries()) scenesOf[numbers.get(thing)!]!.push(scene);
  const all = things.map((_, scene) => scene);
  // Where all methods have the same mean, a ranking agrees with nothing.
  const agreementOver = (scenes: readonly number[]) =>
    spearman(meansOver(first, scenes), meansOver(second, scenes)) || 0;
  const stream = randomStream(seed, "rank agreement");
  const drawn = Array.from({ length: DRAWS }, () =>
    agreementOver(scenesOf.flatMap(() => scenesOf[stream.integer(scenesOf.length)]!)),
  ).sort((a, b) => a - b);
  return {
    agreement: agreementOver(all),
    lower: drawn[Math.floor(0.025 * DRAWS)]!,
    upper: drawn[Math.ceil(0.975 * DRAWS) - 1]!,
  };
}

/** Each method's mean; 0 where no scene has a number. */
function meansOver(scores: readonly (readonly number[])[], scenes: readonly number[]): number[] {
  return Array.from({ length: scores[0]!.length }, (_, method) => {
    let [sum, count] = [0, 0];
    for (const scene of scenes) {
      const value = scores[scene]![method]!;
      if (Number.isNaN(value)) continue;
      sum += value;
      count++;
    }
    return count > 0 ? sum / count : 0;
  });
}

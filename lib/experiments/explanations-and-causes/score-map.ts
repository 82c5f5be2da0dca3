import { causalAgreement } from "../../explain/causal/causal-agreement";
import { muFidelity, type SubsetDrops } from "../../explain/faithfulness/mu-fidelity";
import type { PredictTarget } from "../../explain/faithfulness/predict";
import { removalCurve } from "../../explain/faithfulness/removal-curve";
import { road } from "../../explain/faithfulness/road";
import { massInside } from "../../explain/localisation/mass-inside";
import { pointingGame } from "../../explain/localisation/pointing-game";
import { selectivity } from "../../explain/localisation/selectivity";
import type { Scores } from "./measures";
import { REMOVAL_STEPS } from "./plan";
import type { SceneMap } from "./scene-maps";
import type { ExplainedScene } from "./scene-parts";

/**
 * What is measured of one map; NaN where a measure has no answer or was not asked. A map that is the same everywhere ranks
 * nothing: its correlations count as 0.
 * @param predict the probability of the explained class
 * @param drops what the model loses without random subsets of the map's cells
 * @param number of the scene, from 0; decides how equals are ordered
 */
export async function scoresOf(
  { map, convergence, ...sanity }: SceneMap,
  scene: ExplainedScene,
  predict: PredictTarget,
  drops: SubsetDrops,
  number: number,
): Promise<Scores> {
  const { image, target, distractors, background, distractorMask } = scene;
  const area = async (kind: "deletion" | "insertion") =>
    (await removalCurve(image, map, predict, { kind, steps: REMOVAL_STEPS, seed: number })).area;
  const causes = causalAgreement(map, [target, ...distractors, background]);
  return {
    mass_inside: massInside(map, target.mask),
    selectivity: selectivity(map, target.mask, distractorMask),
    pointing_game: pointingGame(map, target.mask),
    causal_rank: causes.rankPerArea || 0,
    causal_rank_sum: causes.rankInSum || 0,
    causal_overlap: causes.overlap,
    deletion: await area("deletion"),
    insertion: await area("insertion"),
    road: (await road(image, map, predict, { seed: number })).score,
    mu_fidelity: muFidelity(map, drops) || 0,
    complexity_rise: sanity.complexityRise ?? Number.NaN,
    random_logit: sanity.randomLogit ?? Number.NaN,
    runs: convergence?.runs ?? Number.NaN,
    gap: convergence?.gap ?? Number.NaN,
    agreement: convergence?.agreement ?? Number.NaN,
  };
}

import { classProbabilities } from "../../explain/class-probabilities";
import { subsetDrops } from "../../explain/faithfulness/mu-fidelity";
import { probabilityOf } from "../../explain/faithfulness/predict";
import type { Facts, Scores } from "./measures";
import { type LineMethod, SUBSETS } from "./plan";
import { type Explained, mapsOf } from "./scene-maps";
import type { ExplainedScene } from "./scene-parts";
import { scoresOf } from "./score-map";

/** What comes out of one scene: plain data. */
export interface SceneResult {
  facts: Facts;
  lines: {
    method: LineMethod;
    /** `null` where a measure has no answer or was not asked. */
    scores: Record<keyof Scores, number | null>;
    /** On the token grid, row-major, four decimals of its largest value: for pictures. */
    map: number[];
  }[];
}

/**
 * Explains one scene by every method and scores the maps.
 * @param number of the scene, from 0
 */
export async function explainScene(
  explained: Explained,
  scene: ExplainedScene,
  number: number,
): Promise<SceneResult> {
  const { network } = explained;
  const { rows, columns } = network;
  const predict = probabilityOf(classProbabilities(network), network.classes, scene.predicted);
  const drops = await subsetDrops(scene.image, predict, { rows, columns, ...SUBSETS, seed: number });
  const lines: SceneResult["lines"] = [];
  for (const found of await mapsOf(explained, scene.image, scene.predicted, number)) {
    const scores = await scoresOf(found, scene, predict, drops, number);
    const plain = Object.entries(scores).map(([column, value]) => [
      column,
      Number.isNaN(value) ? null : value,
    ]);
    lines.push({
      method: found.method,
      scores: Object.fromEntries(plain) as SceneResult["lines"][number]["scores"],
      map: shortened(found.map.map),
    });
  }
  const worths = scene.distractors.map(({ worth }) => worth);
  return {
    facts: {
      right: Number(scene.predicted === scene.label),
      target_worth: scene.target.worth,
      distractor_worth: worths.reduce((sum, worth) => sum + worth, 0) / worths.length,
      background_worth: scene.background.worth,
    },
    lines,
  };
}

function shortened(map: Float32Array): number[] {
  const largest = map.reduce((most, value) => Math.max(most, value), 0) || 1;
  return Array.from(map, (value) => Number((value / largest).toFixed(4)));
}

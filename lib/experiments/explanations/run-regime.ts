import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import { classProbabilities } from "../../explain/class-probabilities";
import { probabilityOf } from "../../explain/faithfulness/predict";
import { transferredNetwork } from "../../explain/transferred-network";
import { UserError } from "../../runtime/user-error";
import { evaluate } from "../../transfer/evaluate";
import { fitRegime } from "../../transfer/fit-regime";
import type { Regime } from "../../transfer/regimes";
import type { SeedData } from "../cutout-scenes/seed-data";
import { checkAttention } from "./check-attention";
import { makeControls } from "./controls";
import { mapsOf } from "./explain-image";
import type { CheckColumn, MeasureColumn } from "./grid";
import { IMAGES, type LineMethod, METHODS } from "./plan";
import { boxScore, type ImageScores, type ScoredMap, scoresOf } from "./score-maps";

/** What comes out of one run: a model of one regime on the scenes of one seed, explained by every method. */
export interface RegimeResult {
  lines: {
    method: LineMethod;
    /** Means over the images. */
    scores: Record<MeasureColumn, number>;
    /** The maps of the images, in their order, for pictures. */
    maps: number[][];
  }[];
  rows: number;
  columns: number;
  checks: Record<CheckColumn, number>;
  /** The class that was predicted for each image, and explained. */
  predicted: number[];
}

/** Fits a model with attention as frozen-versus-fine-tuned does, and explains its answers to the first test scenes. */
export async function runRegime(
  regime: Regime,
  data: SeedData,
  backbone: Backbone,
  seed: number,
): Promise<RegimeResult> {
  const { model, stopped } = await fitRegime({
    backbone,
    regime,
    pooling: "attention",
    classes: data.classes.length,
    training: await data.tokens("train", regime.frozenUpTo),
    validation: await data.tokens("validation", regime.frozenUpTo),
    seed,
  });
  if (stopped) throw new UserError(`${stopped} A table takes no run that was cut short.`);
  const test = await data.tokens("test", regime.frozenUpTo);
  const evaluation = await evaluate(model, test);
  const network = transferredNetwork({ backbone, regime, model });
  const controls = makeControls(network, findCut(backbone, regime.pooledAt).channels, seed);
  const predict = classProbabilities(network);
  const predicted = Array.from(evaluation.predictions.subarray(0, IMAGES));
  const collected = new Map(METHODS.map(({ name }) => [name, [] as (ScoredMap & { scores: ImageScores })[]]));
  const scenes = predicted.map((_, index) => data.sceneAt("test", index));
  const images = scenes.map(({ image }) => image);
  const checked = await checkAttention({ model, network, images, predicted, test, evaluation, seed });
  for (const [index, target] of predicted.entries()) {
    const { image, mask } = scenes[index]!;
    const effects = checked.effects[index]!;
    const predictTarget = probabilityOf(predict, network.classes, target);
    for (const { name, map } of await mapsOf(network, controls, image, target)) {
      const scored = { map, image, mask };
      collected.get(name)!.push({ ...scored, scores: await scoresOf(scored, predictTarget, effects) });
    }
  }
  const { rows, columns } = network;
  controls.dispose();
  network.dispose();
  model.dispose();
  return {
    lines: METHODS.map(({ name }) => {
      const maps = collected.get(name)!;
      const scores = { ...meansOf(maps.map((each) => each.scores)), max_box_accuracy: boxScore(maps) };
      return { method: name, scores, maps: maps.map(({ map }) => Array.from(map.map)) };
    }),
    rows,
    columns,
    checks: checked.checks,
    predicted,
  };
}

function meansOf(images: readonly ImageScores[]): ImageScores {
  const columns = Object.keys(images[0]!) as (keyof ImageScores)[];
  const mean = (column: keyof ImageScores) =>
    images.reduce((sum, scores) => sum + scores[column], 0) / images.length;
  return Object.fromEntries(columns.map((column) => [column, mean(column)])) as ImageScores;
}

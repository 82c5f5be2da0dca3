import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import type { SceneCollection } from "../../datasets/scenes/collection";
import type { SceneDescription } from "../../datasets/scenes/description";
import { transferredNetwork } from "../../explain/transferred-network";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import { FoldData } from "../scene-tables/fold-data";
import type { LineFit } from "../scene-tables/line";
import type { RepeatPlan } from "../scene-tables/repeat-plan";
import { trainLine } from "../scene-tables/run-line";
import { makeControls } from "./controls";
import { explainScene, type SceneResult } from "./explain-scene";
import { FOLD, SCENES } from "./plan";
import { explainedScene } from "./scene-parts";

/** The scenes of a repeat that are explained: the first mixture scenes of the tested group that hold a distractor. */
export function scenesOf(plan: RepeatPlan): SceneDescription[] {
  const scenes = plan.scenes.mixture[FOLD]!.filter(({ distractors }) => distractors.length > 0);
  return scenes.slice(0, SCENES);
}

/** Trains a model on the fold, and explains its answers to some of the scenes, one after the other. */
export async function runModel(
  fit: LineFit,
  numbers: readonly number[],
  { collection, backbone, plan }: { collection: SceneCollection; backbone: Backbone; plan: RepeatPlan },
  onScene: (number: number, result: SceneResult, seconds: number) => void,
): Promise<void> {
  const { transfer } = fit;
  if (!transfer) throw new UserError(`The line "${fit.regime}" has no network to explain.`);
  const { model } = await trainLine(fit, new FoldData(collection, backbone, plan, FOLD), backbone);
  const network = transferredNetwork({ backbone, regime: transfer, model });
  const seed = plan.repeat;
  const controls = makeControls(network, findCut(backbone, transfer.pooledAt).channels, seed);
  const scenes = scenesOf(plan);
  try {
    for (const number of numbers) {
      const started = performance.now();
      const stream = randomStream(seed, `explanations/scene ${number}`);
      const scene = await explainedScene(network, collection, plan.groups[FOLD]!, scenes[number]!, stream);
      const explained = { line: fit, model, network, controls, seed };
      const result = await explainScene(explained, scene, number);
      onScene(number, result, (performance.now() - started) / 1000);
    }
  } finally {
    controls.dispose();
    network.dispose();
    model.dispose();
  }
}

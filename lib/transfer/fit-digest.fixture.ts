import type { Backbone } from "../backbones/backbone";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { startTensorFlow } from "../node/start-tensorflow";
import { sha256 } from "../runtime/sha256";
import { featuresOf, fewScenes } from "./few-scenes.fixture";
import { fitRegime } from "./fit-regime";
import { lastStage, middleLayerProbe, type Regime } from "./regimes";

/** A regime of the table, cut short for a test. */
function shortened(regime: Regime, epochs: number): Regime {
  return { ...regime, plan: { ...regime.plan, epochs, batchSize: 16 } };
}

const REGIMES = { probe: shortened(middleLayerProbe, 3), lastStage: shortened(lastStage, 2) };

/**
 * Fits a regime with attention on a few scenes, once for every seed: for the test that equal seeds give equal bits.
 * @returns for every seed a digest of all that came out, history and trained weights.
 */
export async function fitDigests(
  backbone: Backbone,
  name: keyof typeof REGIMES,
  seeds: readonly number[],
): Promise<string[]> {
  const regime = REGIMES[name];
  const training = await featuresOf(backbone, regime.frozenUpTo, await fewScenes("train", 20));
  const validation = await featuresOf(backbone, regime.frozenUpTo, await fewScenes("validation", 8));
  const digests: string[] = [];
  for (const seed of seeds) {
    const { model, history } = await fitRegime({
      backbone,
      regime,
      pooling: "attention",
      classes: 8,
      training,
      validation,
      seed,
    });
    const weights = await Promise.all(
      [...model.headVariables, ...model.stageVariables].map((variable) => variable.data<"float32">()),
    );
    digests.push(sha256(JSON.stringify([history, weights.map((values) => [...values])])));
    model.dispose();
  }
  return digests;
}

/** The digest of each regime for one seed, printed as JSON: what the test starts in a process of its own. */
export async function printFitDigests(names: (keyof typeof REGIMES)[], seed: number): Promise<void> {
  await startTensorFlow();
  const backbone = await loadEfficientNetLite0();
  const digests: string[] = [];
  for (const name of names) digests.push(...(await fitDigests(backbone, name, [seed])));
  console.log(JSON.stringify(digests));
}

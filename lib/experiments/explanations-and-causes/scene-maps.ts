import type { Convergence } from "../../explain/convergence";
import { explain } from "../../explain/explain";
import { poolMap } from "../../explain/map-size";
import type { Network } from "../../explain/network";
import type { RelevanceMap } from "../../explain/question";
import { complexityRise } from "../../explain/sanity/complexity";
import { mapSimilarity } from "../../explain/sanity/map-similarity";
import { randomOtherClass } from "../../explain/sanity/random-logit";
import { withRandomised } from "../../explain/sanity/randomise-model";
import type { PixelImage } from "../../images/pixel-image";
import { randomStream } from "../../runtime/random";
import type { TransferModel } from "../../transfer/model";
import type { LineName } from "../scene-tables/line";
import type { Controls } from "./controls";
import { type LineMethod, methodsOf } from "./plan";

/** What one method says of one scene, on the token grid, and whether that depends on what was learned and asked. */
export interface SceneMap {
  method: LineMethod;
  map: RelevanceMap;
  convergence?: Convergence;
  /** By how much the map gets more complex when the model is randomised, see `complexityRise`. */
  complexityRise?: number;
  /** Spearman's correlation with the map of another class drawn at random. */
  randomLogit?: number;
}

/** A model whose answers are explained. */
export interface Explained {
  line: LineName;
  model: TransferModel;
  network: Network;
  controls: Controls;
  seed: number;
}

/**
 * The maps of all methods and controls for one class of one scene.
 * @param number of the scene, from 0
 */
export async function mapsOf(
  { line, model, network, controls, seed }: Explained,
  image: PixelImage,
  target: number,
  number: number,
): Promise<SceneMap[]> {
  const methods = methodsOf(line);
  const onGrid = async (method: (typeof methods)[number], of: number) => {
    const { convergence, ...found } = await explain(network, image, { ...method.explain!, target: of });
    return { map: aboveFloor(method.name, poolMap(found, network.rows, network.columns)), convergence };
  };
  const maps: SceneMap[] = [];
  for (const method of methods) {
    const { name } = method;
    const ofScene = randomStream(seed, `${name} of scene ${number}`);
    const found = method.explain ? await onGrid(method, target) : undefined;
    const map =
      found?.map ?? poolMap(await controls.mapOf(name, image, ofScene), network.rows, network.columns);
    maps.push({ method: name, map, convergence: found?.convergence });
  }
  const tested = methods.filter((method) => method.explain && !method.untested);
  const mapOf = (name: LineMethod) => maps.find(({ method }) => method === name)!;
  const other = randomOtherClass(network.classes, target, number);
  for (const method of tested) {
    const likeness = mapSimilarity(mapOf(method.name).map, (await onGrid(method, other)).map).spearman;
    // A map that is the same everywhere is like no other.
    mapOf(method.name).randomLogit = likeness || 0;
  }
  await withRandomised(model, [...model.trainedParts.keys()], seed, async () => {
    for (const method of tested) {
      const before = mapOf(method.name);
      before.complexityRise = complexityRise(before.map, (await onGrid(method, target)).map) || 0;
    }
  });
  return maps;
}

/** RISE gives every position the mean over its masks, which would hide the rest: its map is taken from its lowest value on. */
function aboveFloor(method: LineMethod, map: RelevanceMap): RelevanceMap {
  if (method !== "RISE") return map;
  const floor = map.map.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  return { ...map, map: map.map.map((value) => value - floor) };
}

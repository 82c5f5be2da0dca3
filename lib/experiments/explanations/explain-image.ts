import { explain } from "../../explain/explain";
import { poolMap } from "../../explain/map-size";
import type { Network } from "../../explain/network";
import type { RelevanceMap } from "../../explain/question";
import type { PixelImage } from "../../images/pixel-image";
import type { Controls } from "./controls";
import { type LineMethod, METHODS } from "./plan";

/** What one line says of one image, on the token grid. */
export interface LineMap {
  name: LineMethod;
  map: RelevanceMap;
}

/** The maps of all methods and controls for one class of one image, each on the model's token grid. */
export async function mapsOf(
  network: Network,
  controls: Controls,
  image: PixelImage,
  target: number,
): Promise<LineMap[]> {
  const maps: LineMap[] = [];
  for (const { name, explain: options } of METHODS) {
    const map = options
      ? await explain(network, image, { ...options, target })
      : await controls.mapOf(name, image);
    maps.push({ name, map: poolMap(map, network.rows, network.columns) });
  }
  return maps;
}

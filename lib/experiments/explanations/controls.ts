import { centrePrior, uniformMap } from "../../explain/localisation/controls";
import type { Network } from "../../explain/network";
import type { RelevanceMap } from "../../explain/question";
import type { PixelImage } from "../../images/pixel-image";
import { randomAttention } from "../random-attention";
import type { LineMethod } from "./plan";

/** Maps that a method has to do better than. */
export interface Controls {
  mapOf(name: LineMethod, image: PixelImage): Promise<RelevanceMap>;
  dispose(): void;
}

/** The uniform map, the centre prior, and attention that nothing has learned. */
export function makeControls(network: Network, channels: number, seed: number): Controls {
  const { rows, columns } = network;
  const attention = randomAttention(network, channels, seed);
  return {
    async mapOf(name, image) {
      if (name === "uniform") return uniformMap(rows, columns);
      if (name === "centre prior") return centrePrior(rows, columns);
      return attention.mapOf(image);
    },
    dispose: attention.dispose,
  };
}

import { centrePrior } from "../../explain/localisation/controls";
import type { Network } from "../../explain/network";
import type { RelevanceMap } from "../../explain/question";
import type { PixelImage } from "../../images/pixel-image";
import type { RandomStream } from "../../runtime/random";
import type { LineMethod } from "./plan";
import { randomAttention } from "./random-attention";

/** Maps that a method has to do better than. */
export interface Controls {
  mapOf(name: LineMethod, image: PixelImage, stream: RandomStream): Promise<RelevanceMap>;
  dispose(): void;
}

/** A random order, the centre prior, and attention that nothing has learned. */
export function makeControls(network: Network, channels: number, seed: number): Controls {
  const { rows, columns } = network;
  const attention = randomAttention(network, channels, seed);
  return {
    async mapOf(name, image, stream) {
      if (name === "random attention") return attention.mapOf(image);
      if (name === "centre prior") return centrePrior(rows, columns);
      return { map: Float32Array.from({ length: rows * columns }, () => stream.uniform()), rows, columns };
    },
    dispose: attention.dispose,
  };
}

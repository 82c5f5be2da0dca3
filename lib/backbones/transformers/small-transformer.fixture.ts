import { drawnWeights } from "../drawn-weights.fixture";
import { type TransformerArchitecture, transformerTensors } from "./architecture";
import { timmNames } from "./names";
import { VisionTransformer } from "./vision-transformer";

/** Three blocks on 3 × 3 patches of 4 pixels, with LayerScale and two registers. */
export const smallArchitecture: TransformerArchitecture = {
  name: "small ViT",
  version: 1,
  inputSize: 12,
  pixelMean: 0,
  pixelDeviation: 1,
  patchSize: 4,
  channels: 8,
  heads: 2,
  blocks: 3,
  registers: 2,
  positionsSide: 3,
  hasClassPosition: true,
  resampling: { sharpness: -0.5, antialias: true, offset: 0 },
  epsilon: 1e-6,
  names: timmNames({ scales: true, registers: "reg_token" }),
};

export function smallTransformer(changes: Partial<TransformerArchitecture> = {}): VisionTransformer {
  const architecture = { ...smallArchitecture, ...changes };
  return new VisionTransformer(architecture, drawnWeights(transformerTensors(architecture)), "drawn");
}

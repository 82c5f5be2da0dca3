import type { StoredTensor } from "../weights/stored-tensor";
import type { Architecture, Block, Convolution, Stage } from "./architecture";
import type { Backbone } from "./backbone";
import { StagedBackbone } from "./staged-backbone";

/** One row a stage: repeats, kernel stride, expansion, channels. Kernel sizes come with the weights. */
const STAGES = [
  { repeats: 1, stride: 1, expansion: 1, channels: 16 },
  { repeats: 2, stride: 2, expansion: 6, channels: 24 },
  { repeats: 2, stride: 2, expansion: 6, channels: 40 },
  { repeats: 3, stride: 2, expansion: 6, channels: 80 },
  { repeats: 3, stride: 1, expansion: 6, channels: 112 },
  { repeats: 4, stride: 2, expansion: 6, channels: 192 },
  { repeats: 1, stride: 1, expansion: 6, channels: 320 },
] as const;

/**
 * EfficientNet-Lite0: EfficientNet-B0 (Tan and Le 2019, arXiv:1905.11946, table 1) without squeeze-and-excitation
 * and with ReLU6 in place of swish, 4.65 million parameters. Its seven stages of inverted residual blocks lie
 * between a stem and a head. Input statistics and epsilon are those of TensorFlow's `efficientnet_lite_builder.py`.
 */
const EFFICIENTNET_LITE0: Architecture = {
  name: "EfficientNet-Lite0",
  version: 1,
  inputSize: 224,
  pixelMean: 127,
  pixelDeviation: 128,
  epsilon: 1e-3,
  stages: describeStages(),
  classifier: { kernel: "_fc.weight", bias: "_fc.bias" },
};

/**
 * EfficientNet-Lite0 with the weights that are given, on the backend that runs.
 * @param weights the state dictionary, such as `parseTorchWeights` reads it from a file
 * @param digest SHA-256 of the file, which names everything that is computed with these weights
 * @throws UserError when a tensor is missing or of another shape
 */
export function efficientNetLite0(weights: ReadonlyMap<string, StoredTensor>, digest: string): Backbone {
  return new StagedBackbone(EFFICIENTNET_LITE0, weights, digest);
}

function describeStages(): Stage[] {
  const stem = convolution("_conv_stem", "_bn0", "dense", 2, "relu6");
  const head = convolution("_conv_head", "_bn1", "dense", 1, "relu6");
  const stages: Stage[] = [single("stem", 2, 32, stem)];
  let index = 0;
  STAGES.forEach(({ repeats, stride, expansion, channels }, i) => {
    const blocks = Array.from({ length: repeats }, (_, repeat) =>
      invertedResidual(index++, expansion, repeat === 0 ? stride : 1, repeat > 0),
    );
    stages.push({ name: `stage${i + 1}`, stride, channels, blocks });
  });
  return [...stages, single("head", 1, 1280, head)];
}

function single(name: string, stride: 1 | 2, channels: number, only: Convolution): Stage {
  return { name, stride, channels, blocks: [{ convolutions: [only], residual: false }] };
}

/** Expand the channels, filter each, project them back (Sandler et al. 2018, arXiv:1801.04381, figure 3). */
function invertedResidual(index: number, expansion: number, stride: 1 | 2, residual: boolean): Block {
  const block = `_blocks.${index}`;
  const expand = convolution(`${block}._expand_conv`, `${block}._bn0`, "dense", 1, "relu6");
  const filter = convolution(`${block}._depthwise_conv`, `${block}._bn1`, "depthwise", stride, "relu6");
  const project = convolution(`${block}._project_conv`, `${block}._bn2`, "dense", 1, "linear");
  return { convolutions: expansion === 1 ? [filter, project] : [expand, filter, project], residual };
}

function convolution(
  name: string,
  norm: string,
  kind: Convolution["kind"],
  stride: 1 | 2,
  activation: Convolution["activation"],
): Convolution {
  return { kernel: `${name}.weight`, norm, kind, stride, activation };
}

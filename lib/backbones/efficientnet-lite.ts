import type { StoredTensor } from "../weights/stored-tensor";
import type { Architecture } from "./architecture";
import type { Backbone } from "./backbone";
import type { CatalogueEntry } from "./catalogue-entry";
import {
  type InvertedResidualNames,
  type InvertedResidualRow,
  invertedResidualStages,
} from "./inverted-residuals";
import { StagedBackbone } from "./staged-backbone";
import { stagedConvention } from "./staged-convention";
import { timmInvertedResiduals } from "./timm-names";

/** Repeats, stride, expansion, channels and kernel of each stage of Lite0. */
const ROWS = [
  [1, 1, 1, 16, 3],
  [2, 2, 6, 24, 3],
  [2, 2, 6, 40, 5],
  [3, 2, 6, 80, 3],
  [3, 1, 6, 112, 5],
  [4, 2, 6, 192, 5],
  [1, 1, 6, 320, 3],
] as const;

/** How many times as wide and as deep as Lite0, and the input: `efficientnet_lite_builder.py`. */
const SIZES = [
  { width: 1, depth: 1, inputSize: 224 },
  { width: 1, depth: 1.1, inputSize: 240 },
  { width: 1.1, depth: 1.2, inputSize: 260 },
] as const;

/** Those of the PyTorch package `efficientnet_lite_pytorch`, which follow lukemelas' `EfficientNet-PyTorch`. */
const lukemelas: InvertedResidualNames = {
  stem: { kernel: "_conv_stem.weight", norm: "_bn0" },
  head: { kernel: "_conv_head.weight", norm: "_bn1" },
  block({ index }, part) {
    const [kernel, norm] = {
      expand: ["_expand_conv", "_bn0"],
      filter: ["_depthwise_conv", "_bn1"],
      project: ["_project_conv", "_bn2"],
    }[part] as [string, string];
    return { kernel: `_blocks.${index}.${kernel}.weight`, norm: `_blocks.${index}.${norm}` };
  },
};

/**
 * EfficientNet-Lite: EfficientNet-B0 (Tan and Le 2019, arXiv:1905.11946, table 1) without squeeze-and-excitation
 * and with ReLU6 in place of swish, and what grows out of it by width, depth and input. Its seven stages of inverted
 * residual blocks lie between a stem and a head. Input statistics, epsilon and the growth are those of TensorFlow's
 * `efficientnet_lite_builder.py`: stem, head and the repeats of the first and last stage don't grow.
 */
function architecture(size: 0 | 1 | 2, names: InvertedResidualNames, changes?: Partial<Architecture>) {
  const { width, depth, inputSize } = SIZES[size];
  const rows = ROWS.map(([repeats, stride, expansion, channels, kernel], i): InvertedResidualRow => {
    const grows = i > 0 && i < ROWS.length - 1;
    return {
      repeats: grows ? Math.ceil(repeats * depth) : repeats,
      stride,
      expansion,
      channels: toMultipleOf8(channels * width),
      size: kernel,
    };
  });
  return {
    name: `EfficientNet-Lite${size}`,
    version: 1,
    layout: "PyTorch",
    padding: "same",
    inputSize,
    pixelMean: 127,
    pixelDeviation: 128,
    epsilon: 1e-3,
    stages: invertedResidualStages(rows, names),
    classifier: { kernel: "_fc.weight", bias: "_fc.bias" },
    ...changes,
  } satisfies Architecture;
}

/** Never more than a tenth smaller. */
function toMultipleOf8(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}

/**
 * EfficientNet-Lite0 with the weights that are given, on the backend that runs.
 * @param weights the state dictionary, such as `parseTorchWeights` reads it from a file
 * @param digest SHA-256 of the file, which names everything that is computed with these weights
 * @throws UserError when a tensor is missing or of another shape
 */
export function efficientNetLite0(weights: ReadonlyMap<string, StoredTensor>, digest: string): Backbone {
  return new StagedBackbone(architecture(0, lukemelas), weights, digest);
}

/** EfficientNet-Lite0, Lite1 and Lite2. */
export const efficientNetLites: CatalogueEntry[] = ([0, 1, 2] as const).map((size) => ({
  name: `efficientnet-lite${size}`,
  title: `EfficientNet-Lite${size}`,
  cuts: { middle: "stage5", last: "head", fineTunedFrom: "stage6" },
  crop: { fraction: SIZES[size].inputSize / (SIZES[size].inputSize + 32), kernel: "bicubic" },
  conventions: [
    stagedConvention("lukemelas", () => architecture(size, lukemelas)),
    stagedConvention(
      "timm",
      () =>
        architecture(size, timmInvertedResiduals, {
          pixelMean: 127.5,
          pixelDeviation: 127.5,
          classifier: { kernel: "classifier.weight", bias: "classifier.bias" },
        }),
      `taken for \`tf_efficientnet_lite${size}\`, TensorFlow's own weights; \`efficientnet_lite${size}\` has the same names and pads otherwise`,
    ),
  ],
}));

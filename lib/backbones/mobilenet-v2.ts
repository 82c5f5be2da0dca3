import type { Architecture } from "./architecture";
import type { CatalogueEntry } from "./catalogue-entry";
import {
  type ConvolutionNames,
  type InvertedResidualNames,
  type InvertedResidualRow,
  invertedResidualStages,
} from "./inverted-residuals";
import { imagenetPixels } from "./preprocess";
import { stagedConvention } from "./staged-convention";
import { timmInvertedResiduals } from "./timm-names";

/** Repeats, stride, expansion and channels of each stage: table 2 of the paper. */
const ROWS = [
  [1, 1, 1, 16],
  [2, 2, 6, 24],
  [3, 2, 6, 32],
  [4, 2, 6, 64],
  [3, 1, 6, 96],
  [3, 2, 6, 160],
  [1, 1, 6, 320],
] as const;

const torchvision: InvertedResidualNames = {
  stem: { kernel: "features.0.0.weight", norm: "features.0.1" },
  head: { kernel: "features.18.0.weight", norm: "features.18.1" },
  block({ index, expands }, part) {
    const convolutions = `features.${index + 1}.conv`;
    // The last convolution and its norm lie beside those before, which lie in pairs.
    const pairs = expands ? 2 : 1;
    if (part === "project")
      return { kernel: `${convolutions}.${pairs}.weight`, norm: `${convolutions}.${pairs + 1}` };
    const pair = part === "filter" ? pairs - 1 : 0;
    return { kernel: `${convolutions}.${pair}.0.weight`, norm: `${convolutions}.${pair}.1` };
  },
};

const keras: InvertedResidualNames = {
  stem: { kernel: "Conv1/kernel", norm: "bn_Conv1" },
  head: { kernel: "Conv_1/kernel", norm: "Conv_1_bn" },
  block({ index }, part) {
    const block = index === 0 ? "expanded_conv" : `block_${index}`;
    const layer = `${block}_${{ expand: "expand", filter: "depthwise", project: "project" }[part]}`;
    return { kernel: `${layer}/${part === "filter" ? "depthwise_kernel" : "kernel"}`, norm: `${layer}_BN` };
  },
};

const huggingFace: InvertedResidualNames = {
  stem: inOneLayer("conv_stem.first_conv"),
  head: inOneLayer("conv_1x1"),
  block({ index }, part) {
    // The first block, which does not expand, belongs to the stem.
    const block = index === 0 ? "conv_stem" : `layer.${index - 1}`;
    return inOneLayer(
      `${block}.${{ expand: "expand_1x1", filter: "conv_3x3", project: "reduce_1x1" }[part]}`,
    );
  },
};

function inOneLayer(place: string): ConvolutionNames {
  return { kernel: `mobilenet_v2.${place}.convolution.weight`, norm: `mobilenet_v2.${place}.normalization` };
}

/** What PyTorch's weights were trained with, and TensorFlow's. */
const pytorch = { padding: "symmetrical", epsilon: 1e-5, ...imagenetPixels } as const;
const tensorflow = { padding: "same", epsilon: 1e-3, pixelMean: 127.5, pixelDeviation: 127.5 } as const;

/** MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381) of width 1, 3.5 million parameters. */
function architecture(
  names: InvertedResidualNames,
  classifier: string,
  trainedBy: typeof pytorch | typeof tensorflow,
  layout: Architecture["layout"] = "PyTorch",
): Architecture {
  const rows = ROWS.map(
    ([repeats, stride, expansion, channels]): InvertedResidualRow => ({
      repeats,
      stride,
      expansion,
      channels,
      size: 3,
    }),
  );
  const [kernel, bias] = layout === "PyTorch" ? [".weight", ".bias"] : ["/kernel", "/bias"];
  return {
    name: "MobileNetV2",
    version: 1,
    layout,
    inputSize: 224,
    ...trainedBy,
    stages: invertedResidualStages(rows, names),
    classifier: { kernel: classifier + kernel, bias: classifier + bias },
  };
}

/** MobileNetV2 under four conventions, of which Keras' and Hugging Face's come from TensorFlow. */
export const mobileNetV2: CatalogueEntry = {
  name: "mobilenet-v2",
  title: "MobileNetV2",
  cuts: { middle: "stage5", last: "head", fineTunedFrom: "stage6" },
  crop: { fraction: 224 / 256, kernel: "bilinear" },
  conventions: [
    stagedConvention("torchvision", () => architecture(torchvision, "classifier.1", pytorch)),
    stagedConvention("timm", () => architecture(timmInvertedResiduals, "classifier", pytorch)),
    stagedConvention("Keras", () => architecture(keras, "predictions", tensorflow, "Keras")),
    stagedConvention("Hugging Face", () => architecture(huggingFace, "classifier", tensorflow)),
  ],
};

import type { Architecture, Block, Convolution, Preprocessing, Stage } from "./architecture";
import type { CatalogueEntry } from "./catalogue-entry";
import type { ConvolutionNames } from "./inverted-residuals";
import { imagenetPixels } from "./preprocess";
import { stagedConvention } from "./staged-convention";

/** Blocks of the four layers, and which kind they are. */
const DEPTHS = {
  18: { repeats: [2, 2, 2, 2], bottleneck: false },
  34: { repeats: [3, 4, 6, 3], bottleneck: false },
  50: { repeats: [3, 4, 6, 3], bottleneck: true },
  101: { repeats: [3, 4, 23, 3], bottleneck: true },
} as const;

/** The names that one convention gives to the parts of a ResNet; layers, blocks and convolutions are counted from 0. */
interface ResNetNames {
  stem: ConvolutionNames;
  convolution(layer: number, block: number, index: number): ConvolutionNames;
  shortcut(layer: number, block: number): ConvolutionNames;
  classifier: Architecture["classifier"];
}

/** torchvision's and timm's alike. */
const torchvision: ResNetNames = {
  stem: { kernel: "conv1.weight", norm: "bn1" },
  convolution(layer, block, index) {
    const place = `layer${layer + 1}.${block}`;
    return { kernel: `${place}.conv${index + 1}.weight`, norm: `${place}.bn${index + 1}` };
  },
  shortcut(layer, block) {
    const place = `layer${layer + 1}.${block}.downsample`;
    return { kernel: `${place}.0.weight`, norm: `${place}.1` };
  },
  classifier: { kernel: "fc.weight", bias: "fc.bias" },
};

const huggingFace: ResNetNames = {
  stem: inOneLayer("resnet.embedder.embedder"),
  convolution: (layer, block, index) =>
    inOneLayer(`resnet.encoder.stages.${layer}.layers.${block}.layer.${index}`),
  shortcut: (layer, block) => inOneLayer(`resnet.encoder.stages.${layer}.layers.${block}.shortcut`),
  classifier: { kernel: "classifier.1.weight", bias: "classifier.1.bias" },
};

function inOneLayer(place: string): ConvolutionNames {
  return { kernel: `${place}.convolution.weight`, norm: `${place}.normalization` };
}

/**
 * ResNet (He et al. 2015, arXiv:1512.03385, table 1) in the form that torchvision calls v1.5: where a bottleneck halves the
 * resolution, its 3 × 3 convolution does, not the 1 × 1 before it.
 */
function architecture(depth: keyof typeof DEPTHS, names: ResNetNames): Architecture {
  const { repeats, bottleneck } = DEPTHS[depth];
  const stem: Convolution = {
    ...names.stem,
    kind: "dense",
    size: 7,
    input: 3,
    output: 64,
    stride: 2,
    activation: "relu",
  };
  const stages: Stage[] = [
    { name: "stem", stride: 2, channels: 64, blocks: [{ convolutions: [stem], residual: false }] },
    { name: "pool", stride: 2, channels: 64, blocks: [{ maxPooling: { size: 3, stride: 2 } }] },
  ];
  let input = 64;
  for (const [layer, count] of repeats.entries()) {
    const width = 64 * 2 ** layer;
    const output = bottleneck ? 4 * width : width;
    const stride = layer === 0 ? 1 : 2;
    const blocks: Block[] = [];
    for (let block = 0; block < count; block++) {
      const name = (index: number) => names.convolution(layer, block, index);
      blocks.push(
        residualBlock({
          convolutions: bottleneck
            ? [
                { ...name(0), size: 1, output: width },
                { ...name(1), size: 3, output: width, halves: true },
                { ...name(2), size: 1, output },
              ]
            : [
                { ...name(0), size: 3, output, halves: true },
                { ...name(1), size: 3, output },
              ],
          shortcut: names.shortcut(layer, block),
          input,
          stride: block === 0 ? stride : 1,
        }),
      );
      input = output;
    }
    stages.push({ name: `layer${layer + 1}`, stride, channels: output, blocks });
  }
  return {
    name: `ResNet-${depth}`,
    version: 1,
    layout: "PyTorch",
    padding: "symmetrical",
    ...preprocessing,
    epsilon: 1e-5,
    stages,
    classifier: names.classifier,
  };
}

const preprocessing: Preprocessing = { inputSize: 224, ...imagenetPixels };

interface ResidualBlock {
  convolutions: (ConvolutionNames & { size: number; output: number; halves?: boolean })[];
  shortcut: ConvolutionNames;
  input: number;
  stride: 1 | 2;
}

/** Figure 5 of the paper; a shortcut of its own where the shape changes (option B of its section 4.1). */
export function residualBlock({ convolutions, shortcut, input, stride }: ResidualBlock): Block {
  const output = convolutions.at(-1)!.output;
  const dense = { kind: "dense", activation: "linear" } as const;
  const changes = stride !== 1 || input !== output;
  return {
    convolutions: convolutions.map(({ halves, ...convolution }, i) => ({
      ...dense,
      ...convolution,
      input: i === 0 ? input : convolutions[i - 1]!.output,
      stride: halves ? stride : 1,
      activation: i < convolutions.length - 1 ? "relu" : "linear",
    })),
    residual: true,
    ...(changes && { shortcut: { ...dense, ...shortcut, size: 1, input, output, stride } }),
    activation: "relu",
  };
}

/** ResNet-18, 34, 50 and 101. */
export const resNets: CatalogueEntry[] = ([18, 34, 50, 101] as const).map((depth) => ({
  name: `resnet${depth}`,
  title: `ResNet-${depth}`,
  cuts: { middle: "layer3", last: "layer4", fineTunedFrom: "layer3" },
  crop: { fraction: 224 / 256, kernel: "bilinear" },
  conventions: [
    stagedConvention("torchvision", () => architecture(depth, torchvision), "timm has the same"),
    stagedConvention("Hugging Face", () => architecture(depth, huggingFace)),
  ],
}));

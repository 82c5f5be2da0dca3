import type { RandomStream } from "../runtime/random";
import type { StoredTensor } from "../weights/stored-tensor";
import type { Architecture, Stage } from "./architecture";
import type { CatalogueEntry } from "./catalogue-entry";
import { convolutionsOf, expectedTensors, normParts } from "./expected-tensors";
import { residualBlock } from "./resnet";
import { stagedConvention } from "./staged-convention";

/** Channels of the three layers, each of one block. */
const WIDTHS = [16, 32, 64] as const;

/**
 * A small ResNet for pictures of 28 to 64 pixels, to be trained from scratch: that of He et al. 2015 (arXiv:1512.03385,
 * section 4.2) with one block in each of its three layers, 77 thousand parameters. Kernels are in TensorFlow's order.
 */
const architecture: Architecture = {
  name: "Small ResNet",
  version: 1,
  layout: "Keras",
  padding: "same",
  inputSize: 28,
  pixelMean: 127.5,
  pixelDeviation: 127.5,
  epsilon: 1e-3,
  stages: describeStages(),
  classifier: { kernel: "classifier/kernel", bias: "classifier/bias" },
};

function describeStages(): Stage[] {
  const named = (place: string) => ({ kernel: `${place}/kernel`, norm: `${place}.norm` });
  let input: number = WIDTHS[0];
  const stem = {
    ...named("stem"),
    kind: "dense",
    size: 3,
    input: 3,
    output: input,
    stride: 1,
    activation: "relu",
  } as const;
  const layers = WIDTHS.map((output, i): Stage => {
    const name = `layer${i + 1}`;
    const stride = i === 0 ? 1 : 2;
    const block = residualBlock({
      convolutions: [
        { ...named(`${name}.first`), size: 3, output, halves: true },
        { ...named(`${name}.second`), size: 3, output },
      ],
      shortcut: named(`${name}.shortcut`),
      input,
      stride,
    });
    input = output;
    return { name, stride, channels: output, blocks: [block] };
  });
  return [
    { name: "stem", stride: 1, channels: stem.output, blocks: [{ convolutions: [stem], residual: false }] },
    ...layers,
  ];
}

/** The small ResNet in the catalogue; its weights are of one's own making. */
export const smallResNet: CatalogueEntry = {
  name: "small-resnet",
  title: "Small ResNet",
  cuts: { middle: "layer2", last: "layer3", fineTunedFrom: "layer2" },
  crop: { fraction: 1, kernel: "bilinear" },
  conventions: [stagedConvention("attention-transfer", () => architecture)],
};

/**
 * Weights of the small ResNet to begin a training with, without a classifier. Kernels are drawn after He et al. 2015
 * (arXiv:1502.01852). Norms begin with mean 0 and variance 1 and learn gamma and beta alone: statistics of batches are not
 * needed where the second convolution of each block begins with gamma 0, so that every block begins as its shortcut (Zhang et al. 2019,
 * arXiv:1901.09321, section 3).
 */
export function drawSmallResNet(stream: RandomStream): Map<string, StoredTensor> {
  const parts = normParts[architecture.layout];
  const blocks = architecture.stages.flatMap((stage) => stage.blocks);
  const last = new Set(
    blocks.flatMap((block) =>
      "residual" in block && block.residual ? [block.convolutions.at(-1)!.norm] : [],
    ),
  );
  const fanIn = new Map(
    blocks.flatMap(convolutionsOf).map(({ kernel, size, input }) => [kernel, size * size * input]),
  );
  const start = (name: string, size: number): Float32Array => {
    const inputs = fanIn.get(name);
    const kernels = stream.child(name);
    if (inputs) return Float32Array.from({ length: size }, () => kernels.normal() * Math.sqrt(2 / inputs));
    if (name.endsWith(parts.variance)) return new Float32Array(size).fill(1 - architecture.epsilon);
    const isGamma = name.endsWith(parts.gamma) && !last.has(name.slice(0, -parts.gamma.length));
    return new Float32Array(size).fill(isGamma ? 1 : 0);
  };
  return new Map(
    expectedTensors(architecture)
      .filter(({ part }) => part !== "classifier")
      .map(({ name, shape }) => {
        const sizes = shape as number[];
        const size = sizes.reduce((product, axis) => product * axis, 1);
        return [name, { shape: sizes, dtype: "float32", data: start(name, size) }];
      }),
  );
}

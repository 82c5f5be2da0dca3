import type { Architecture, Block, Convolution } from "./architecture";

/** A tensor that a weights file must hold. */
export interface ExpectedTensor {
  name: string;
  /** `null` where any size is right, such as the number of classes. */
  shape: readonly (number | null)[];
  /** A file may hold features alone, without its `classifier`; and what inference does not look at, `unused`. */
  part?: "classifier" | "unused";
}

/** What a BatchNorm is made of, as each layout names it behind the norm's own name. */
export const normParts = {
  PyTorch: { gamma: ".weight", beta: ".bias", mean: ".running_mean", variance: ".running_var" },
  Keras: { gamma: "/gamma", beta: "/beta", mean: "/moving_mean", variance: "/moving_variance" },
} as const;

/** All tensors of an architecture, in the order in which they are computed with. */
export function expectedTensors(architecture: Architecture): ExpectedTensor[] {
  const { stages, classifier, layout } = architecture;
  const convolutions = stages.flatMap((stage) => stage.blocks.flatMap(convolutionsOf));
  const channels = stages.at(-1)!.channels;
  return [
    ...convolutions.flatMap((convolution) => [
      { name: convolution.kernel, shape: kernelShape(convolution, layout) },
      ...Object.values(normParts[layout]).map((part) => ({
        name: convolution.norm + part,
        shape: [convolution.output],
      })),
    ]),
    {
      name: classifier.kernel,
      shape: layout === "PyTorch" ? [null, channels] : [channels, null],
      part: "classifier",
    },
    { name: classifier.bias, shape: [null], part: "classifier" },
  ];
}

/** The convolutions of a block in order, the shortcut's last. */
export function convolutionsOf(block: Block): Convolution[] {
  if (!("convolutions" in block)) return [];
  return block.shortcut ? [...block.convolutions, block.shortcut] : block.convolutions;
}

function kernelShape({ kind, size, input, output }: Convolution, layout: Architecture["layout"]): number[] {
  if (kind === "depthwise") return layout === "PyTorch" ? [output, 1, size, size] : [size, size, output, 1];
  return layout === "PyTorch" ? [output, input, size, size] : [size, size, input, output];
}

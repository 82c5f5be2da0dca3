import type { Block, Convolution, Stage } from "./architecture";

/** One row a stage of inverted residual blocks. */
export interface InvertedResidualRow {
  repeats: number;
  stride: 1 | 2;
  expansion: number;
  channels: number;
  /** Side of the kernel that filters each channel. */
  size: number;
}

/** Where a convolution's kernel and norm stand in the weights file. */
export interface ConvolutionNames {
  kernel: string;
  norm: string;
}

/** What the three convolutions of an inverted residual block do. */
export type InvertedResidualPart = "expand" | "filter" | "project";

/** The names that one convention gives to the parts of a network of inverted residuals. */
export interface InvertedResidualNames {
  stem: ConvolutionNames;
  head: ConvolutionNames;
  /** @param place of the block: `index` among all blocks, `stage` and `repeat` within its row, all counted from 0 */
  block(
    place: { index: number; stage: number; repeat: number; expands: boolean },
    part: InvertedResidualPart,
  ): ConvolutionNames;
}

/**
 * Stem, stages of inverted residual blocks, head: the shape that MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381,
 * table 2) and EfficientNet (Tan and Le 2019, arXiv:1905.11946, table 1) share. All activations are ReLU6.
 */
export function invertedResidualStages(
  rows: readonly InvertedResidualRow[],
  names: InvertedResidualNames,
): Stage[] {
  const dense = { kind: "dense", size: 1, stride: 1, activation: "relu6" } as const;
  let [channels, index] = [32, 0];
  const stem = single("stem", { ...dense, ...names.stem, size: 3, stride: 2, input: 3, output: channels });
  const stages = rows.map((row, stage): Stage => {
    const blocks = Array.from({ length: row.repeats }, (_, repeat) => {
      const place = { index: index++, stage, repeat, expands: row.expansion > 1 };
      const block = invertedResidual(channels, row, repeat === 0 ? row.stride : 1, repeat > 0, (part) =>
        names.block(place, part),
      );
      channels = row.channels;
      return block;
    });
    return { name: `stage${stage + 1}`, stride: row.stride, channels, blocks };
  });
  return [stem, ...stages, single("head", { ...dense, ...names.head, input: channels, output: 1280 })];
}

function single(name: string, convolution: Convolution): Stage {
  const { stride, output: channels } = convolution;
  return { name, stride, channels, blocks: [{ convolutions: [convolution], residual: false }] };
}

/** Expand the channels, filter each, project them back (Sandler et al. 2018, arXiv:1801.04381, figure 3). */
function invertedResidual(
  input: number,
  { expansion, size, channels }: InvertedResidualRow,
  stride: 1 | 2,
  residual: boolean,
  names: (part: InvertedResidualPart) => ConvolutionNames,
): Block {
  const wide = input * expansion;
  const expand: Convolution = {
    ...names("expand"),
    kind: "dense",
    size: 1,
    input,
    output: wide,
    stride: 1,
    activation: "relu6",
  };
  const filter: Convolution = { ...expand, ...names("filter"), kind: "depthwise", size, input: wide, stride };
  const project: Convolution = {
    ...expand,
    ...names("project"),
    input: wide,
    output: channels,
    activation: "linear",
  };
  return { convolutions: expansion === 1 ? [filter, project] : [expand, filter, project], residual };
}

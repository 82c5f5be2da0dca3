import type { Preprocessing } from "../architecture";
import type { ExpectedTensor } from "../expected-tensors";
import type { Resampling } from "./position-embedding";

/** Names of a linear map's two tensors. */
export interface LinearNames {
  kernel: string;
  bias: string;
}

/** The names that one convention gives to the tensors of a block. */
export interface BlockNames {
  /** Layer norm before attention: `weight` and `bias` behind it. */
  attentionNorm: string;
  /** The projections that attention starts from: one tensor for all three, or one each. */
  projections: LinearNames | { query: LinearNames; key: LinearNames; value: LinearNames };
  attentionOutput: LinearNames;
  /** LayerScale's factors behind attention, where there are some. */
  attentionScale?: string;
  hiddenNorm: string;
  hidden: LinearNames;
  output: LinearNames;
  outputScale?: string;
}

/** The names that one convention gives to the tensors of a vision transformer. */
export interface TransformerNames {
  classToken: string;
  registers?: string;
  positions: string;
  patches: LinearNames;
  block(index: number): BlockNames;
  norm: string;
  /** Of the class token after the norm. A file without them, or of a convention without, holds features alone. */
  classifier?: LinearNames;
  /** What such files hold and inference does not look at. */
  unused?: readonly ExpectedTensor[];
}

/** A vision transformer as data; `VisionTransformer` runs it. */
export interface TransformerArchitecture extends Preprocessing {
  name: string;
  /** Raised whenever the same weights would give other activations, so that no cache serves stale ones. */
  version: number;
  /** Side of the square patches in pixels. */
  patchSize: number;
  channels: number;
  /** They divide the channels. */
  heads: number;
  blocks: number;
  /** Register tokens (Darcet et al. 2023, arXiv:2309.16588) between the class token and the patches. */
  registers: number;
  /** Patches along each side for which the weights hold positions. */
  positionsSide: number;
  /** Whether the class token has a position of its own. */
  hasClassPosition: boolean;
  /** How positions are brought to another number of patches. */
  resampling: Resampling;
  /** Layer norm's small number under the root. */
  epsilon: number;
  names: TransformerNames;
}

/** All tensors of a vision transformer, in the order in which they are computed with. */
export function transformerTensors(architecture: TransformerArchitecture): ExpectedTensor[] {
  const { patchSize, channels, registers, positionsSide, hasClassPosition, names } = architecture;
  const vector = (name: string, size: number | null = channels) => ({ name, shape: [size] });
  const linear = ({ kernel, bias }: LinearNames, out: number | null, input: number) => [
    { name: kernel, shape: [out, input] },
    vector(bias, out),
  ];
  const norm = (name: string) => [vector(`${name}.weight`), vector(`${name}.bias`)];
  const scale = (name?: string) => (name ? [vector(name)] : []);
  const blocks = Array.from({ length: architecture.blocks }, (_, index) => {
    const block = names.block(index);
    const { projections } = block;
    const attention =
      "query" in projections
        ? [projections.query, projections.key, projections.value].map((each) =>
            linear(each, channels, channels),
          )
        : [linear(projections, 3 * channels, channels)];
    return [
      norm(block.attentionNorm),
      ...attention,
      linear(block.attentionOutput, channels, channels),
      scale(block.attentionScale),
      norm(block.hiddenNorm),
      linear(block.hidden, 4 * channels, channels),
      linear(block.output, channels, 4 * channels),
      scale(block.outputScale),
    ].flat();
  });
  const positions = positionsSide ** 2 + (hasClassPosition ? 1 : 0);
  return [
    { name: names.classToken, shape: [1, 1, channels] },
    { name: names.positions, shape: [1, positions, channels] },
    ...(names.registers ? [{ name: names.registers, shape: [1, registers, channels] }] : []),
    { name: names.patches.kernel, shape: [channels, 3, patchSize, patchSize] },
    vector(names.patches.bias),
    ...blocks.flat(),
    ...norm(names.norm),
    ...(names.classifier ? linear(names.classifier, null, channels) : []).map((tensor) => ({
      ...tensor,
      part: "classifier" as const,
    })),
    ...(names.unused ?? []).map((tensor) => ({ ...tensor, part: "unused" as const })),
  ];
}

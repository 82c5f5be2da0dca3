import type { StoredTensor } from "../../weights/stored-tensor";
import { numbersOf } from "../require-weights";
import type { LinearNames, TransformerArchitecture } from "./architecture";
import { resamplePositions } from "./position-embedding";

/** Numbers of a tensor in TensorFlow's order of axes, and where in the file they come from. */
export interface NamedNumbers {
  name: string;
  shape: number[];
  data: Float32Array;
}

/** Tensors of a part by role. */
export type PartWeights = Record<string, NamedNumbers>;

/** The parts of a vision transformer. */
export interface TransformerWeights {
  embedding: PartWeights;
  blocks: PartWeights[];
  norm: PartWeights;
  classifier?: PartWeights;
}

/**
 * Reads the parts of a vision transformer; positions are brought to the grid that is wanted.
 * @param weights that `requireWeights` has seen
 * @param side patches along each side of the image
 */
export function readTransformer(
  architecture: TransformerArchitecture,
  weights: ReadonlyMap<string, StoredTensor>,
  side: number,
): TransformerWeights {
  const { names, channels, patchSize } = architecture;
  const vector = (name: string) => ({ name, shape: [channels], data: numbersOf(weights, name) });
  const norm = (name: string) => [vector(`${name}.weight`), vector(`${name}.bias`)] as const;
  /** Rows of a stored kernel `[out, in]` and its bias; a part of several in one tensor says which it is. */
  const linear = ({ kernel, bias }: LinearNames, input: number, part?: { index: number; is: string }) => {
    const stored = numbersOf(weights, kernel);
    const out = part ? channels : stored.length / input;
    const first = (part?.index ?? 0) * out;
    const marked = (name: string) => (part ? `${name} (${part.is})` : name);
    return {
      kernel: {
        name: marked(kernel),
        shape: [input, out],
        data: transposed(stored.subarray(first * input, (first + out) * input), out, input),
      },
      bias: { name: marked(bias), shape: [out], data: numbersOf(weights, bias).slice(first, first + out) },
    };
  };
  const blocks = Array.from({ length: architecture.blocks }, (_, index): PartWeights => {
    const block = names.block(index);
    const { projections } = block;
    const projection = (is: "query" | "key" | "value", at: number) =>
      "query" in projections
        ? linear(projections[is], channels)
        : linear(projections, channels, { index: at, is });
    const [query, key, value] = [projection("query", 0), projection("key", 1), projection("value", 2)];
    const attentionOutput = linear(block.attentionOutput, channels);
    const [attentionGain, attentionOffset] = norm(block.attentionNorm);
    const [hiddenGain, hiddenOffset] = norm(block.hiddenNorm);
    const hidden = linear(block.hidden, channels);
    const output = linear(block.output, 4 * channels);
    return {
      attentionGain,
      attentionOffset,
      queryKernel: query.kernel,
      queryBias: query.bias,
      keyKernel: key.kernel,
      valueKernel: value.kernel,
      valueBias: value.bias,
      attentionOutputKernel: attentionOutput.kernel,
      attentionOutputBias: attentionOutput.bias,
      ...(block.attentionScale && { attentionScale: vector(block.attentionScale) }),
      hiddenGain,
      hiddenOffset,
      hiddenKernel: hidden.kernel,
      hiddenBias: hidden.bias,
      outputKernel: output.kernel,
      outputBias: output.bias,
      ...(block.outputScale && { outputScale: vector(block.outputScale) }),
    };
  });
  const [gain, offset] = norm(names.norm);
  const hasClassifier = names.classifier !== undefined && weights.has(names.classifier.kernel);
  return {
    embedding: {
      kernel: {
        name: names.patches.kernel,
        shape: [patchSize * patchSize * 3, channels],
        data: patchKernel(numbersOf(weights, names.patches.kernel), channels, patchSize ** 2),
      },
      bias: vector(names.patches.bias),
      ...readTokens(architecture, weights, side),
    },
    blocks,
    norm: { gain, offset },
    ...(hasClassifier && { classifier: { ...linear(names.classifier!, channels) } }),
  };
}

/** The class token with its position, the registers, and the positions of the patches. */
function readTokens(
  { names, channels, registers, positionsSide, hasClassPosition, resampling }: TransformerArchitecture,
  weights: ReadonlyMap<string, StoredTensor>,
  side: number,
): PartWeights {
  const positions = numbersOf(weights, names.positions);
  const own = hasClassPosition ? channels : 0;
  const classToken = numbersOf(weights, names.classToken).map(
    (value, c) => value + (own ? positions[c]! : 0),
  );
  const leading = new Float32Array((1 + registers) * channels);
  leading.set(classToken);
  if (names.registers) leading.set(numbersOf(weights, names.registers), channels);
  return {
    leading: { name: names.classToken, shape: [1 + registers, channels], data: leading },
    positions: {
      name: names.positions,
      shape: [side * side, channels],
      data: resamplePositions(positions.subarray(own), positionsSide, side, resampling),
    },
  };
}

function transposed(stored: Float32Array, out: number, input: number): Float32Array {
  const kernel = new Float32Array(stored.length);
  for (let o = 0; o < out; o++) for (let i = 0; i < input; i++) kernel[i * out + o] = stored[o * input + i]!;
  return kernel;
}

/** `[channels, 3, area]` of PyTorch's convolution as a product of matrices takes it, `[area · 3, channels]`. */
function patchKernel(stored: Float32Array, channels: number, area: number): Float32Array {
  const kernel = new Float32Array(stored.length);
  for (let c = 0; c < channels; c++)
    for (let colour = 0; colour < 3; colour++)
      for (let a = 0; a < area; a++)
        kernel[(a * 3 + colour) * channels + c] = stored[(c * 3 + colour) * area + a]!;
  return kernel;
}

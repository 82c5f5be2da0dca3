import * as tf from "@tensorflow/tfjs";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import type { StoredTensor } from "../../weights/stored-tensor";
import type { CutPoint, SelfAttentionBackbone, TrainableStage } from "../backbone";
import { inTurn } from "../convolution";
import { describePreprocessing, preprocessPixels } from "../preprocess";
import { requireWeights, withoutClassifier } from "../require-weights";
import { type TransformerArchitecture, transformerTensors } from "./architecture";
import { type BlockParameters, runBlock } from "./block";
import { classGrid, type EmbeddingParameters, embed, finish, patchGrid } from "./ends";
import { type PartWeights, readTransformer, type TransformerWeights } from "./read-weights";

/** Where a vision transformer can be entered and left. */
interface Place {
  cut: CutPoint;
  /** How many blocks lie before it; −1 for the input. */
  blocks: number;
  /** All tokens, from which it goes on; or what is pooled and classified. */
  holds: "pixels" | "all" | "patches" | "class";
  /** Whether the last norm lies before it. */
  isNormed: boolean;
}

type Parts = Record<string, tf.Tensor>;

/** All that tokens run through. */
interface TransformerParts {
  embedding: EmbeddingParameters;
  blocks: readonly BlockParameters[];
  norm: Parts;
}

/**
 * A vision transformer that a `TransformerArchitecture` describes.
 *
 * Cut points: `block3` are the patches behind the fourth block on their grid, to be pooled; `block3+class` are all tokens
 * there in one row (class token, registers, patches), to go on from; `embedding+class` the same before the first block.
 * `patches` and `class` lie behind the last norm: what a head on patches, and one on the class token, takes.
 */
export class VisionTransformer implements SelfAttentionBackbone {
  readonly name: string;
  readonly inputSize: number;
  readonly cutPoints: readonly CutPoint[];
  readonly digest: string;
  readonly preprocessing: Readonly<Record<string, number | string>>;
  readonly leadingTokens: number;
  private readonly side: number;
  private readonly places: readonly Place[];
  private readonly weights: TransformerWeights;
  private readonly frozen: TransformerParts;
  private readonly classifier: Parts | undefined;

  /** @throws UserError that lists tensors in the way by name, or for an input that patches don't fill */
  constructor(
    private readonly architecture: TransformerArchitecture,
    weights: ReadonlyMap<string, StoredTensor>,
    weightsDigest: string,
  ) {
    const { name, inputSize, patchSize } = architecture;
    this.name = name;
    this.inputSize = inputSize;
    this.side = inputSize / patchSize;
    if (!Number.isInteger(this.side) || this.side < 1)
      throw new UserError(
        `${name} looks at patches of ${patchSize} pixels, and an input of ${inputSize} is no multiple of it. ` +
          `Take ${Math.max(1, Math.round(this.side)) * patchSize}.`,
      );
    // The size of the input decides the positions that weights are brought to.
    this.digest = sha256(`${name} ${architecture.version} ${inputSize} ${weightsDigest}`);
    this.preprocessing = describePreprocessing(architecture);
    this.leadingTokens = 1 + architecture.registers;
    this.places = describePlaces(architecture, this.side);
    this.cutPoints = this.places.slice(1).map(({ cut }) => cut);
    requireWeights(name, transformerTensors(architecture), weights);
    this.weights = readTransformer(architecture, weights, this.side);
    const { embedding, blocks, norm, classifier } = this.weights;
    this.frozen = {
      embedding: kept(embedding) as EmbeddingParameters,
      blocks: blocks.map((block) => kept(block) as BlockParameters),
      norm: kept(norm),
    };
    this.classifier = classifier && kept(classifier);
  }

  preprocess(pixels: tf.Tensor4D): tf.Tensor4D {
    this.expectShape(pixels, this.places[0]!);
    return preprocessPixels(pixels, this.architecture);
  }

  run(x: tf.Tensor4D, from: string, to: string): tf.Tensor {
    const [start, end] = this.placesBetween(x, from, to);
    return tf.tidy(() => {
      const y = start === end ? x.clone() : this.compute(x, start, end, this.frozen);
      return to === "logits" ? this.classify(y as tf.Tensor4D) : y;
    });
  }

  runWithAttention(
    x: tf.Tensor4D,
    from: string,
    to: string,
    probes?: readonly tf.Tensor4D[],
  ): { output: tf.Tensor; attention: tf.Tensor4D[] } {
    const [start, end] = this.placesBetween(x, from, to);
    return tf.tidy(() => {
      const attention: tf.Tensor4D[] = [];
      const y = this.compute(x, start, end, this.frozen, { attention, probes });
      return { output: to === "logits" ? this.classify(y) : y, attention };
    });
  }

  trainableStage(from: string, to: string): TrainableStage {
    const [start, end] = [this.placeOf(from), this.placeOf(to)];
    requireOrder(this.name, start, end);
    const { embedding, blocks, norm } = this.weights;
    const first = Math.max(0, start.blocks);
    const chosen = [
      ...(start.blocks < 0 ? [embedding] : []),
      ...blocks.slice(first, end.blocks),
      ...(end.isNormed ? [norm] : []),
    ];
    const variables = chosen.map((part) => variablesOf(part));
    const rest = [...variables];
    const parts = {
      embedding: (start.blocks < 0 ? rest.shift() : this.frozen.embedding) as EmbeddingParameters,
      blocks: [
        ...this.frozen.blocks.slice(0, first),
        ...(rest.splice(0, end.blocks - first) as unknown as BlockParameters[]),
      ],
      norm: (end.isNormed ? rest.shift() : this.frozen.norm)!,
    };
    const all = variables.flatMap((part) => Object.values(part));
    return {
      variables: all,
      variableNames: chosen.flatMap((part) => Object.values(part).map(({ name }) => name)),
      norms: new Set(
        variables.flatMap((part) =>
          Object.entries(part).flatMap(([role, each]) => (isNorm(role) ? [each] : [])),
        ),
      ),
      run: (x) => tf.tidy(() => this.compute(x, start, end, parts)),
      dispose: () => tf.dispose(all),
    };
  }

  dispose(): void {
    const { embedding, blocks, norm } = this.frozen;
    for (const part of [embedding, ...blocks, norm, this.classifier ?? {}]) tf.dispose(Object.values(part));
  }

  private compute(
    x: tf.Tensor4D,
    start: Place,
    end: Place,
    parts: TransformerParts,
    declared?: { attention: tf.Tensor4D[]; probes?: readonly tf.Tensor4D[] },
  ): tf.Tensor4D {
    const { heads, epsilon, patchSize } = this.architecture;
    const tokens =
      start.holds === "pixels" ? embed(x, parts.embedding, patchSize) : x.squeeze<tf.Tensor3D>([1]);
    const blocks = parts.blocks.slice(Math.max(0, start.blocks), end.blocks);
    const last = inTurn(tokens, [...blocks.entries()], (input, [index, block]) => {
      const probe = declared?.probes?.[index];
      const { tokens, weights } = runBlock(input, block, { heads, epsilon, probe });
      if (declared) declared.attention.push(weights);
      else weights.dispose();
      return tokens;
    });
    const normed = end.isNormed ? finish(last, parts.norm, epsilon) : last;
    if (end.holds === "all") return normed.expandDims<tf.Tensor4D>(1);
    return end.holds === "class" ? classGrid(normed) : patchGrid(normed, this.leadingTokens, this.side);
  }

  private classify(features: tf.Tensor4D): tf.Tensor2D {
    const { kernel, bias } = this.classifier as { kernel: tf.Tensor2D; bias: tf.Tensor1D };
    const { channels } = this.architecture;
    return features.reshape<tf.Tensor2D>([-1, channels]).matMul(kernel).add(bias);
  }

  /** Where a run begins and ends; logits end at the class token. */
  private placesBetween(x: tf.Tensor4D, from: string, to: string): [Place, Place] {
    if (to === "logits" && !this.classifier) throw withoutClassifier(this);
    const [start, end] = [this.placeOf(from), this.placeOf(to === "logits" ? "class" : to)];
    if (start !== end) requireOrder(this.name, start, end);
    this.expectShape(x, start);
    return [start, end];
  }

  private placeOf(name: string): Place {
    const place = this.places.find(({ cut }) => cut.name === name);
    if (place) return place;
    const names = this.cutPoints.map((cut) => cut.name).join(", ");
    throw new UserError(`${this.name} has no cut point "${name}". Its cut points are ${names}.`);
  }

  private expectShape(x: tf.Tensor4D, { cut }: Place): void {
    const expected = [cut.rows, cut.columns, cut.channels];
    if (x.shape.slice(1).join() === expected.join()) return;
    throw new UserError(
      `${this.name} takes [batch, ${expected.join(", ")}] at ${cut.name} and was given [${x.shape.join(", ")}].`,
    );
  }
}

function describePlaces(
  { inputSize, patchSize, channels, blocks, registers }: TransformerArchitecture,
  side: number,
) {
  const all = { stride: patchSize, rows: 1, columns: 1 + registers + side * side, channels };
  const patches = { stride: patchSize, rows: side, columns: side, channels };
  const places: Place[] = [
    {
      cut: { name: "input", stride: 1, rows: inputSize, columns: inputSize, channels: 3 },
      blocks: -1,
      holds: "pixels",
      isNormed: false,
    },
    { cut: { name: "embedding+class", ...all }, blocks: 0, holds: "all", isNormed: false },
  ];
  for (let block = 0; block < blocks; block++)
    places.push(
      { cut: { name: `block${block}`, ...patches }, blocks: block + 1, holds: "patches", isNormed: false },
      { cut: { name: `block${block}+class`, ...all }, blocks: block + 1, holds: "all", isNormed: false },
    );
  const one = { stride: inputSize, rows: 1, columns: 1, channels };
  places.push(
    { cut: { name: "patches", ...patches }, blocks, holds: "patches", isNormed: true },
    { cut: { name: "class", ...one }, blocks, holds: "class", isNormed: true },
  );
  return places;
}

/** @throws UserError where a run can't begin, or would go back */
function requireOrder(name: string, start: Place, end: Place): void {
  const [from, to] = [start.cut.name, end.cut.name];
  if (start.holds === "patches" || start.holds === "class") {
    const all = start.isNormed ? "" : ` Go on from ${from}+class, which holds all tokens.`;
    throw new UserError(
      `${name} can't go on from ${from} to ${to}: ${from} holds the ${start.holds === "class" ? "class token" : "patches"} alone.${all}`,
    );
  }
  const goesOn = end.blocks > start.blocks || (end.isNormed && end.blocks === start.blocks);
  const sameTokens = end.blocks === start.blocks && end.holds !== "all";
  if (goesOn || sameTokens) return;
  throw new UserError(`${name} can't run backwards, from ${from} to ${to}.`);
}

function isNorm(role: string): boolean {
  return /gain$|offset$/i.test(role);
}

function kept(part: PartWeights): Parts {
  return mapped(part, ({ shape, data }) => tf.keep(tf.tensor(data, shape)));
}

function variablesOf(part: PartWeights): Record<string, tf.Variable> {
  return mapped(part, ({ shape, data }) => tf.tidy(() => tf.variable(tf.tensor(data, shape))));
}

function mapped<Made>(part: PartWeights, make: (numbers: PartWeights[string]) => Made): Record<string, Made> {
  return Object.fromEntries(Object.entries(part).map(([role, numbers]) => [role, make(numbers)]));
}

import * as tf from "@tensorflow/tfjs";
import { attend } from "./attend";
import { ConvolutionalBlockAttention } from "./features/convolutional-block-attention";
import { CrossAttention } from "./features/cross-attention";
import { EfficientChannelAttention } from "./features/efficient-channel-attention";
import { layerNormalisation } from "./features/layer-normalisation";
import { SelfAttention } from "./features/self-attention";
import { SqueezeExcitation } from "./features/squeeze-excitation";
import { clearMasked } from "./mask";
import { normalise } from "./normalisers/normaliser";
import { proportionalWeights } from "./normalisers/proportional";
import { AdditiveAttention } from "./pooling/additive-attention";
import { AttentionPooling } from "./pooling/attention-pooling";
import { everyNormaliser, everyScore } from "./pooling/attention-poolings.fixture";
import { FrozenScoreAttention } from "./pooling/frozen-score-attention";
import { generalisedMean, generalisedMeanShares } from "./pooling/generalised-mean-pooling";
import { learnedPoolings } from "./pooling/learned-poolings.fixture";
import { MaxPooling } from "./pooling/max-pooling";
import { MeanPooling } from "./pooling/mean-pooling";
import { WeightedPooling } from "./pooling/weighted-pooling";

/** Something that takes a mask. */
export interface MaskCase {
  name: string;
  /** Axes of the mask, without the batch. */
  grid: number[];
  /** Shapes of the inputs, without the batch. */
  shapes: number[][];
  /** Which of the inputs the mask is for: its axes are the first of theirs. */
  masked: number[];
  /** Which of the inputs must not be negative. */
  positive?: number[];
  /** By which of the inputs an output can be differentiated; by all of them where left out. */
  toInputs?: number[];
  makeVariables: (seed: number) => tf.Variable[];
  run: (inputs: tf.Tensor[], mask: tf.Tensor, variables: tf.Variable[]) => tf.Tensor[];
}

const POSITIONS = 5;
const CHANNELS = 4;
const tokens = [POSITIONS, CHANNELS];

type AnyLayer = tf.layers.Layer & { readonly variables: tf.Variable[] };
type Sizes = Pick<MaskCase, "name" | "shapes"> & Partial<MaskCase>;

/** A layer, with parameters away from where they start. */
function layer(make: () => AnyLayer, sizes: Sizes, maskName = "mask"): MaskCase {
  let made: AnyLayer;
  return {
    grid: sizes.shapes[0]!.slice(0, -1),
    masked: [0],
    makeVariables: (seed) => {
      made = make();
      const shapes = sizes.shapes.map((shape) => [null, ...shape]);
      made.build(shapes.length === 1 ? shapes[0]! : shapes);
      const drawn = made.getWeights().map(({ shape }, i) =>
        // The one number of the generalised mean is an exponent.
        shape.length === 1 && shape[0] === 1
          ? tf.fill(shape, 1.7)
          : tf.randomNormal(shape, 0, 0.5, "float32", seed + i),
      );
      made.setWeights(drawn);
      tf.dispose(drawn);
      // What is frozen is disposed with the rest; no gradient is asked of it.
      return made.weights.map((weight) => weight.read() as tf.Variable);
    },
    run: (inputs, mask) => [made.apply(inputs, { [maskName]: mask })].flat() as tf.Tensor[],
    ...sizes,
  };
}

/** A function, with the tensors that it learns. */
function pure(
  sizes: Sizes & Pick<MaskCase, "run">,
  makeVariables: (seed: number) => tf.Variable[] = () => [],
): MaskCase {
  return { grid: [POSITIONS], masked: [0], makeVariables, ...sizes };
}

const drawn = (shape: number[], seed: number) =>
  tf.tidy(() => tf.variable(tf.randomNormal(shape, 1, 0.2, "float32", seed)));

/** Scores and weights have their positions last. */
const positionsLast = (x: tf.Tensor) => x.transpose<tf.Tensor3D>([0, 2, 1]);

const seed = 1;
const returning = { seed, returnWeights: true } as const;

const poolings: MaskCase[] = [
  layer(() => new MeanPooling(), { name: "MeanPooling", shapes: [tokens] }),
  layer(() => new MaxPooling(), { name: "MaxPooling", shapes: [tokens] }),
  layer(() => new WeightedPooling(), {
    name: "WeightedPooling",
    shapes: [tokens, [POSITIONS]],
    masked: [0, 1],
    positive: [1],
  }),
  layer(() => new AdditiveAttention({ units: 3, seed }), { name: "AdditiveAttention", shapes: [tokens] }),
  ...Object.entries(learnedPoolings).map(([name, make]) => layer(make, { name, shapes: [tokens] })),
  layer(() => new FrozenScoreAttention({ units: 3, frozen: "score", seed }), {
    name: "FrozenScoreAttention, score",
    shapes: [tokens],
  }),
  ...everyScore.flatMap((score) =>
    everyNormaliser.map((normaliser) =>
      layer(() => new AttentionPooling({ score, normaliser, queries: 2, seed }), {
        name: `AttentionPooling, ${score.kind}, ${normaliser.kind}`,
        shapes: [tokens],
      }),
    ),
  ),
  ...everyScore.map((score) =>
    layer(() => new AttentionPooling({ score, query: "given", values: "given", seed }), {
      name: `AttentionPooling, ${score.kind}, given query and values`,
      // As many queries as positions: the mask is not theirs all the same.
      shapes: [tokens, [POSITIONS, CHANNELS], [POSITIONS, 2]],
      masked: [0, 2],
      ...(score.kind === "location" ? { toInputs: [1, 2] } : {}),
    }),
  ),
];

const grids = [[5], [2, 3], [2, 1, 3]];
const insideFeatures: MaskCase[] = [
  ...grids.flatMap((grid) => {
    const about = `on a grid of ${grid.length}`;
    const shapes = [[...grid, CHANNELS]];
    return [
      layer(() => new SqueezeExcitation({ ...returning, reduction: 2 }), {
        name: `SqueezeExcitation ${about}`,
        shapes,
      }),
      layer(() => new EfficientChannelAttention({ ...returning, kernelSize: 3 }), {
        name: `EfficientChannelAttention ${about}`,
        shapes,
      }),
      layer(() => new ConvolutionalBlockAttention({ ...returning, kernelSize: 3 }), {
        name: `ConvolutionalBlockAttention ${about}`,
        shapes,
      }),
    ];
  }),
  layer(() => new SelfAttention({ ...returning, heads: 2 }), { name: "SelfAttention", shapes: [tokens] }),
  layer(() => new SelfAttention({ ...returning, heads: 2, positions: "learned" }), {
    name: "SelfAttention, learned positions",
    shapes: [tokens],
  }),
  ...grids.map((grid) =>
    layer(() => new SelfAttention({ ...returning, heads: 2, positions: "relative", grid }), {
      name: `SelfAttention, relative positions on a grid of ${grid.length}`,
      shapes: [[grid.reduce((product, size) => product * size), CHANNELS]],
    }),
  ),
  layer(() => new CrossAttention({ ...returning, heads: 2 }), {
    name: "CrossAttention",
    shapes: [tokens, [3, CHANNELS]],
  }),
  layer(
    () => new CrossAttention({ ...returning, heads: 2 }),
    {
      name: "CrossAttention, masked queries",
      shapes: [tokens, [3, CHANNELS]],
      grid: [3],
      masked: [1],
    },
    "queryMask",
  ),
  pure(
    {
      name: "layerNormalisation",
      shapes: [tokens],
      run: ([x], mask, [gain, offset]) => [
        layerNormalisation(
          x as tf.Tensor3D,
          gain as tf.Tensor as tf.Tensor1D,
          offset as tf.Tensor as tf.Tensor1D,
          mask as tf.Tensor2D,
        ),
      ],
    },
    (from) => [drawn([CHANNELS], from), drawn([CHANNELS], from + 1)],
  ),
];

const functions: MaskCase[] = [
  ...everyNormaliser.map((normaliser) =>
    pure({
      name: `normalise, ${normaliser.kind}`,
      shapes: [[POSITIONS, 2]],
      run: ([scores], mask) => [
        positionsLast(normalise(positionsLast(scores!), normaliser, mask as tf.Tensor2D)),
      ],
    }),
  ),
  pure({
    name: "proportionalWeights",
    shapes: [[POSITIONS, 2]],
    positive: [0],
    run: ([amounts], mask) => [proportionalWeights(positionsLast(amounts!), mask as tf.Tensor2D)],
  }),
  pure({
    name: "attend",
    shapes: [tokens, [POSITIONS, 2]],
    masked: [0, 1],
    run: ([values, weights], mask) => [
      attend(values as tf.Tensor3D, positionsLast(weights!), mask as tf.Tensor2D),
    ],
  }),
  pure({ name: "clearMasked", shapes: [tokens], run: ([values], mask) => [clearMasked(values!, mask)] }),
  pure(
    {
      name: "generalisedMean",
      shapes: [tokens],
      run: ([x], mask, [p]) => [
        generalisedMean(x as tf.Tensor3D, { exponent: p as tf.Tensor as tf.Tensor1D }, mask as tf.Tensor2D),
      ],
    },
    (from) => [drawn([1], from)],
  ),
  pure({
    name: "generalisedMeanShares",
    shapes: [tokens],
    toInputs: [],
    run: ([x], mask) => [
      generalisedMeanShares(x as tf.Tensor3D, { exponent: tf.tensor1d([2]) }, mask as tf.Tensor2D),
    ],
  }),
];

/** Every layer and every function that takes a mask. */
export const maskCases: readonly MaskCase[] = [...poolings, ...insideFeatures, ...functions];

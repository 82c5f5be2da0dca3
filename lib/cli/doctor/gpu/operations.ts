import * as tf from "@tensorflow/tfjs";
import { type Check, valueAndGradients } from "./check";
import { drawn } from "./drawn";

type Compute = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Inputs from which an operation's value and gradients are smooth: away from zero where it divides or takes a root. */
const positive = (name: string, shape: readonly number[]) => drawn(name, shape).abs().add(0.5);

/** An operation with all its gradients on normal draws. */
function smooth(name: string, shapes: readonly (readonly number[])[], compute: Compute): Check {
  const run = () =>
    valueAndGradients(
      compute,
      shapes.map((shape, i) => drawn(`${name} ${i}`, shape)),
    );
  return { name, kind: "operation", run };
}

/** The same on draws above 0.5. */
function aboveZero(name: string, shapes: readonly (readonly number[])[], compute: Compute): Check {
  const run = () =>
    valueAndGradients(
      compute,
      shapes.map((shape, i) => positive(`${name} ${i}`, shape)),
    );
  return { name, kind: "operation", run };
}

/** An operation that has no gradient, or one that nobody takes. */
function valueOnly(name: string, shape: readonly number[], compute: Compute): Check {
  return { name, kind: "operation", run: () => ({ value: compute(drawn(name, shape)) }) };
}

const image = [2, 15, 15, 12];
const matrix = [33, 65];
const tokens = [4, 49, 32];

const convolutions = [
  { kernel: 1, stride: 1, pad: "same" },
  { kernel: 3, stride: 1, pad: "same" },
  { kernel: 3, stride: 2, pad: "same" },
  { kernel: 5, stride: 1, pad: "valid" },
] as const;

const convolutional: Check[] = [
  ...convolutions.map(({ kernel, stride, pad }) =>
    smooth(
      `convolution ${kernel}×${kernel}, stride ${stride}, ${pad}`,
      [image, [kernel, kernel, 12, 20]],
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad),
    ),
  ),
  ...[3, 5].flatMap((kernel) =>
    ([1, 2] as const).map((stride) =>
      smooth(
        `depthwise convolution ${kernel}×${kernel}, stride ${stride}`,
        [image, [kernel, kernel, 12, 1]],
        (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, "same"),
      ),
    ),
  ),
  smooth("fused convolution with bias and ReLU6", [image, [3, 3, 12, 20], [20]], (x, filter, bias) =>
    tf.fused.conv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      strides: 1,
      pad: "same",
      bias,
      activation: "relu6",
    }),
  ),
  smooth("fused depthwise convolution with bias and ReLU6", [image, [3, 3, 12, 1], [12]], (x, filter, bias) =>
    tf.fused.depthwiseConv2d({
      x: x as tf.Tensor4D,
      filter: filter as tf.Tensor4D,
      strides: 2,
      pad: "same",
      bias,
      activation: "relu6",
    }),
  ),
  smooth("convolution along one axis", [tokens, [3, 32, 16]], (x, w) =>
    tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, "same"),
  ),
  // Without padding: TensorFlow.js counts what lies beyond the edge in the gradient and not in the value.
  smooth("mean pooling 3×3", [image], (x) => tf.avgPool(x as tf.Tensor4D, 3, 2, "valid")),
  smooth("max pooling 3×3", [image], (x) => tf.maxPool(x as tf.Tensor4D, 3, 2, "same")),
  smooth("bilinear resizing", [image], (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [31, 29])),
];

const products: Check[] = [
  smooth("matMul", [matrix, [65, 47]], (a, b) => tf.matMul(a, b)),
  smooth(
    "matMul, first transposed",
    [
      [65, 33],
      [65, 47],
    ],
    (a, b) => tf.matMul(a, b, true, false),
  ),
  smooth("matMul, second transposed", [matrix, [47, 65]], (a, b) => tf.matMul(a, b, false, true)),
  smooth("matMul in batches", [tokens, [4, 32, 49]], (a, b) => tf.matMul(a, b)),
];

const reductions: Check[] = [
  smooth("sum over an axis", [tokens], (x) => x.sum(1)),
  smooth("sum over everything", [tokens], (x) => x.sum()),
  smooth("mean over a grid", [image], (x) => x.mean([1, 2])),
  smooth("max over an axis", [tokens], (x) => x.max(1)),
  smooth("softmax", [[4, 3, 49]], (x) => tf.softmax(x)),
  smooth("log-softmax", [[32, 20]], (x) => tf.logSoftmax(x)),
  smooth("cumulative sum", [[20, 60]], (x) => tf.cumsum(x, 1)),
  smooth("variance", [tokens], (x) => tf.moments(x, -1).variance),
  valueOnly("argMax", matrix, (x) => x.argMax(1)),
  valueOnly("topk, values", matrix, (x) => tf.topk(x, 5).values),
  valueOnly("topk, places", matrix, (x) => tf.topk(x, 5).indices),
  valueOnly("any", matrix, (x) => x.greater(2).any(1)),
];

const shapes: Check[] = [
  smooth("transpose", [[4, 7, 5, 9]], (x) => x.transpose([0, 2, 1, 3])),
  smooth("slice", [tokens], (x) => x.slice([1, 5, 3], [2, 30, 20])),
  smooth("concat", [tokens, tokens], (a, b) => tf.concat([a, b], 1)),
  smooth("stack", [matrix, matrix], (a, b) => tf.stack([a, b], 1)),
  smooth("tile", [[5, 30]], (x) => x.tile([3, 2])),
  smooth("pad", [matrix], (x) =>
    x.pad([
      [1, 2],
      [3, 0],
    ]),
  ),
  smooth("reverse", [tokens], (x) => x.reverse(1)),
  smooth("gather", [matrix], (x) => tf.gather(x, tf.tensor1d([3, 3, 17, 0], "int32"))),
  smooth("sum of booleans over the first axis", [[60, 40]], (x) =>
    x.mul(drawn("compared", [60, 40]).greater(0).toFloat().sum(0)),
  ),
  valueOnly("oneHot", [1100], (x) => tf.oneHot(x.abs().mul(3).floor().toInt(), 12)),
];

const broadcast: Check[] = [
  smooth("add, one row to all", [tokens, [32]], (a, b) => a.add(b)),
  smooth("mul, one column for all", [tokens, [4, 49, 1]], (a, b) => a.mul(b)),
  smooth("sub", [matrix, matrix], (a, b) => a.sub(b)),
  aboveZero("div", [matrix, matrix], (a, b) => a.div(b)),
  valueOnly("divNoNan", matrix, (x) => tf.divNoNan(x, x.greater(0).toFloat())),
  aboveZero("pow", [matrix], (x) => x.pow(2.5)),
  smooth("maximum", [matrix, matrix], (a, b) => tf.maximum(a, b)),
  smooth("minimum", [matrix, matrix], (a, b) => tf.minimum(a, b)),
  smooth("where", [matrix, matrix], (a, b) => tf.where(drawn("condition", matrix).greater(0), a, b)),
  smooth("addN of twelve", [matrix], (x) => tf.addN(Array.from({ length: 12 }, (_, i) => x.mul(i)))),
  valueOnly("comparisons", matrix, (x) =>
    tf.addN([x.greater(0), x.greaterEqual(1), x.less(-1), x.equal(x)].map((each) => each.toFloat())),
  ),
];

const elementwise: Check[] = [
  ...Object.entries<Compute>({
    tanh: tf.tanh,
    sigmoid: tf.sigmoid,
    relu: tf.relu,
    relu6: tf.relu6,
    selu: tf.selu,
    erf: tf.erf,
    exp: tf.exp,
    square: tf.square,
    neg: tf.neg,
    abs: tf.abs,
  }).map(([name, compute]) => smooth(name, [tokens], (x) => compute(x))),
  ...Object.entries<Compute>({ sqrt: tf.sqrt, rsqrt: tf.rsqrt, log: tf.log }).map(([name, compute]) =>
    aboveZero(name, [tokens], (x) => compute(x)),
  ),
  valueOnly("floor", tokens, (x) => x.mul(3).floor()),
  valueOnly("round", tokens, (x) => x.mul(3).round()),
  valueOnly("step", tokens, (x) => x.step()),
];

const normalisation = smooth("batch norm", [image, [12], [12]], (x, scale, offset) =>
  tf.batchNorm4d(
    x as tf.Tensor4D,
    drawn<tf.Rank.R1>("mean", [12]),
    positive("variance", [12]) as tf.Tensor1D,
    offset as tf.Tensor1D,
    scale as tf.Tensor1D,
  ),
);

/** The operations of TensorFlow.js that backbones, attention, training and explaining use. */
export const operationChecks: readonly Check[] = [
  ...convolutional,
  ...products,
  ...reductions,
  ...shapes,
  ...broadcast,
  ...elementwise,
  normalisation,
];

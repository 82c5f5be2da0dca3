import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../node/start-tensorflow";
import { compile } from "./compile";
import { nativeBackend } from "./native-backend";

/** What the operations are tried on. */
interface Values {
  /** `[4, 6]`, in 0.1 … 0.9 */
  m: tf.Tensor2D;
  /** `[4, 6]`, in 0.2 … 2 */
  n: tf.Tensor2D;
  /** `[2, 8, 8, 3]`, in -2 … 2 */
  image: tf.Tensor4D;
  /** `[1, 4, 4, 4, 2]`, in -1 … 1 */
  volume: tf.Tensor5D;
  /** `[3]`, whole numbers below 4 */
  indices: tf.Tensor1D;
}

type Operation = (values: Values) => tf.Tensor | tf.Tensor[];
type Operations = Record<string, Operation>;
type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

let values: Values;
let kernel: tf.Tensor4D;
let depthwiseKernel: tf.Tensor4D;
let volumeKernel: tf.Tensor5D;

before(async () => {
  await startTensorFlow();
  const draw = <R extends tf.Rank>(shape: tf.ShapeMap[R], low: number, high: number, seed: number) =>
    tf.randomUniform<R>(shape, low, high, "float32", seed);
  values = {
    m: draw([4, 6], 0.1, 0.9, 1),
    n: draw([4, 6], 0.2, 2, 2),
    image: draw([2, 8, 8, 3], -2, 2, 3),
    volume: draw([1, 4, 4, 4, 2], -1, 1, 4),
    indices: tf.tensor1d([1, 0, 3], "int32"),
  };
  kernel = draw([3, 3, 3, 4], -1, 1, 5);
  depthwiseKernel = draw([3, 3, 3, 1], -1, 1, 6);
  volumeKernel = draw([2, 2, 2, 2, 3], -1, 1, 7);
});

const named = <F>(name: string) => (tf as unknown as Record<string, F>)[name] as F;

const unary = (
  "abs acos asin asinh atan atanh ceil cos cosh elu erf exp expm1 floor isFinite isInf isNaN leakyRelu log log1p " +
  "logSigmoid neg reciprocal relu relu6 round rsqrt selu sigmoid sign sin sinh softplus sqrt square step tan tanh " +
  "softmax logSoftmax sum mean max min prod argMax argMin cumprod cumsum expandDims squeeze zerosLike onesLike " +
  "transpose logSumExp euclideanNorm clone norm"
).split(" ");

const binary = (
  "add sub mul div maximum minimum pow squaredDifference atan2 mod floorDiv divNoNan equal notEqual less lessEqual " +
  "greater greaterEqual prelu"
).split(" ");

const elementwise: Operations = {
  ...Object.fromEntries(unary.map((name): [string, Operation] => [name, ({ m }) => named<Unary>(name)(m)])),
  ...Object.fromEntries(
    binary.map((name): [string, Operation] => [name, ({ m, n }) => named<Binary>(name)(m, n)]),
  ),
  acosh: ({ n }) => tf.acosh(n.add(1)),
  all: ({ m }) => tf.all(m.greater(0.5), 1),
  any: ({ m }) => tf.any(m.greater(0.5), 1),
  logicalAnd: ({ m, n }) => tf.logicalAnd(m.greater(0.5), n.greater(1)),
  logicalNot: ({ m }) => tf.logicalNot(m.greater(0.5)),
  logicalOr: ({ m, n }) => tf.logicalOr(m.greater(0.5), n.greater(1)),
  logicalXor: ({ m, n }) => tf.logicalXor(m.greater(0.5), n.greater(1)),
  where: ({ m, n }) => tf.where(m.greater(0.5), m, n),
  clipByValue: ({ m }) => tf.clipByValue(m, 0.3, 0.6),
  addN: ({ m, n }) => tf.addN([m, n, m]),
  toInt: ({ n }) => n.toInt(),
  toBool: ({ n }) => n.toBool(),
  toFloat: ({ indices }) => indices.toFloat(),
};

const shaping: Operations = {
  concat: ({ m, n }) => tf.concat([m, n], 1),
  stack: ({ m, n }) => tf.stack([m, n], 1),
  unstack: ({ m }) => tf.unstack(m, 1),
  split: ({ m }) => tf.split(m, [2, 4], 1),
  slice: ({ m }) => tf.slice(m, [1, 2], [2, 3]),
  stridedSlice: ({ m }) => tf.stridedSlice(m, [0, 0], [4, 6], [2, 3]),
  gather: ({ m, indices }) => tf.gather(m, indices, 1),
  gatherND: ({ m }) =>
    tf.gatherND(
      m,
      tf.tensor2d(
        [
          [0, 1],
          [3, 2],
        ],
        [2, 2],
        "int32",
      ),
    ),
  oneHot: ({ indices }) => tf.oneHot(indices, 5),
  tile: ({ m }) => tf.tile(m, [2, 3]),
  pad: ({ m }) =>
    tf.pad(
      m,
      [
        [1, 1],
        [0, 2],
      ],
      3,
    ),
  mirrorPad: ({ m }) =>
    tf.mirrorPad(
      m,
      [
        [1, 1],
        [2, 2],
      ],
      "reflect",
    ),
  reverse: ({ m }) => tf.reverse(m, 0),
  topk: ({ m }) => Object.values(tf.topk(m, 2)),
  broadcastTo: ({ m }) => tf.broadcastTo(m.slice([0, 0], [1, 6]), [5, 6]),
  range: ({ m }) =>
    m
      .add(tf.range(0, 6))
      .add(tf.linspace(0, 1, 6))
      .add(tf.fill([4, 6], 3)),
  meshgrid: ({ m }) => tf.meshgrid(m.slice(0, 1).flatten(), tf.range(0, 3)),
  bandPart: ({ m }) => tf.linalg.bandPart(m, 1, 1),
  unsortedSegmentSum: ({ m }) => tf.unsortedSegmentSum(m, tf.tensor1d([0, 1, 0, 1], "int32"), 2),
  bincount: ({ indices }) => tf.bincount(indices, [], 5),
  scatterND: ({ m }) => tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], "int32"), m.slice(0, 2), [5, 6]),
  spaceToBatchND: ({ image }) =>
    tf.spaceToBatchND(
      image,
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  batchToSpaceND: ({ image }) =>
    tf.batchToSpaceND(
      tf.concat([image, image]),
      [2, 2],
      [
        [0, 0],
        [0, 0],
      ],
    ),
  depthToSpace: ({ image }) => tf.depthToSpace(image.reshape([2, 4, 4, 12]) as tf.Tensor4D, 2),
};

const networks: Operations = {
  matMul: ({ m, n }) => tf.matMul(m, n, false, true),
  matMulTransposed: ({ m, n }) => tf.matMul(m, n, true, false),
  dot: ({ m, n }) => tf.dot(m, n.transpose()),
  einsum: ({ m, n }) => tf.einsum("ij,kj->ik", m, n),
  fusedMatMul: ({ m, n }) =>
    tf.fused.matMul({ a: m, b: n, transposeB: true, bias: tf.ones([4]), activation: "relu" }),
  conv1d: ({ image }) => tf.conv1d(image.reshape([2, 64, 3]) as tf.Tensor3D, tf.ones([3, 3, 2]), 1, "same"),
  conv2d: ({ image }) => tf.conv2d(image, kernel, 2, "same"),
  conv2dTranspose: ({ image }) => tf.conv2dTranspose(image, tf.ones([3, 3, 4, 3]), [2, 16, 16, 4], 2, "same"),
  conv3d: ({ volume }) => tf.conv3d(volume, volumeKernel, 1, "same"),
  depthwiseConv2d: ({ image }) => tf.depthwiseConv2d(image, depthwiseKernel, 1, "same"),
  separableConv2d: ({ image }) =>
    tf.separableConv2d(image, depthwiseKernel, tf.ones([1, 1, 3, 5]), 1, "same"),
  fusedConv2d: ({ image }) =>
    tf.fused.conv2d({
      x: image,
      filter: kernel,
      strides: 1,
      pad: "same",
      bias: tf.ones([4]),
      activation: "relu6",
    }),
  fusedDepthwise: ({ image }) =>
    tf.fused.depthwiseConv2d({
      x: image,
      filter: depthwiseKernel,
      strides: 1,
      pad: "same",
      bias: tf.ones([3]),
      activation: "relu6",
    }),
  maxPool: ({ image }) => tf.maxPool(image, 3, 2, "same"),
  avgPool: ({ image }) => tf.avgPool(image, 3, 2, "same"),
  maxPool3d: ({ volume }) => tf.maxPool3d(volume, 2, 2, "same"),
  avgPool3d: ({ volume }) => tf.avgPool3d(volume, 2, 2, "same"),
  batchNorm: ({ image }) =>
    tf.batchNorm(image, tf.zeros([3]), tf.ones([3]), tf.ones([3]), tf.ones([3]), 1e-3),
  localResponseNormalization: ({ image }) => tf.localResponseNormalization(image),
  moments: ({ image }) => Object.values(tf.moments(image, [0, 1, 2])),
  resizeBilinear: ({ image }) => tf.image.resizeBilinear(image, [5, 5]),
  resizeNearestNeighbor: ({ image }) => tf.image.resizeNearestNeighbor(image, [5, 5]),
  flipLeftRight: ({ image }) => tf.image.flipLeftRight(image),
  cropAndResize: ({ image }) =>
    tf.image.cropAndResize(image, tf.tensor2d([[0, 0, 1, 1]]), tf.tensor1d([0], "int32"), [4, 4]),
  softmaxCrossEntropy: ({ m, n }) => tf.losses.softmaxCrossEntropy(n.softmax(), m),
  sigmoidCrossEntropy: ({ m, n }) => tf.losses.sigmoidCrossEntropy(m, n),
  meanSquaredError: ({ m, n }) => tf.losses.meanSquaredError(m, n),
  huberLoss: ({ m, n }) => tf.losses.huberLoss(m, n),
  cosineDistance: ({ m, n }) => tf.losses.cosineDistance(m, n, 1),
};

/** Operations that tfjs 4.22 has no gradient for, or whose own gradient throws (cumsum). */
const withoutGradient = new Set(
  (
    "isFinite isInf isNaN argMax argMin cumprod cumsum zerosLike onesLike equal notEqual less lessEqual greater " +
    "greaterEqual divNoNan all any logicalAnd logicalNot logicalOr logicalXor where toInt toBool toFloat stridedSlice " +
    "oneHot gatherND topk meshgrid bandPart unsortedSegmentSum bincount scatterND depthToSpace einsum cropAndResize " +
    "range flipLeftRight"
  ).split(" "),
);

/** The gradient of the sum of an operation's squared first result, for the first three values. */
function gradientOf(operation: Operation): Operation {
  return (given) =>
    tf.grads((m: tf.Tensor, n: tf.Tensor, image: tf.Tensor, volume: tf.Tensor) => {
      const changed = { ...given, m, n, image, volume } as Values;
      // Each value takes part, so that an operation on one of them still has a gradient for all.
      const others = [m, n, image, volume].map((x) => tf.sum(x));
      const result = operation(changed);
      const first = Array.isArray(result) ? result[0]! : result;
      return tf.addN([tf.sum(tf.square(first)), ...others]);
    })([given.m, given.n, given.image, given.volume]);
}

/** Runs all operations as one graph, and each eagerly, and compares every number. */
function compare(operations: Operations): void {
  const outputsOf = (given: Values) =>
    Object.fromEntries(
      Object.entries(operations).flatMap(([name, operation]) => {
        const result = operation(given);
        return (Array.isArray(result) ? result : [result]).map((tensor, i) => [`${name} ${i}`, tensor]);
      }),
    ) as Record<string, tf.Tensor>;
  const step = compile((given) => outputsOf(given as unknown as Values), {
    inputs: {
      m: [4, 6],
      n: [4, 6],
      image: [2, 8, 8, 3],
      volume: [1, 4, 4, 4, 2],
      indices: { shape: [3], dtype: "int32" },
    },
  });
  tf.tidy(() => {
    const expected = outputsOf(values);
    for (let call = 0; call < 2; call++) step({ ...values });
    const compiled = step({ ...values });
    assert.equal(step.graphs, 1);
    for (const [name, tensor] of Object.entries(expected)) {
      const actual = compiled[name]!;
      assert.deepEqual([actual.dtype, ...actual.shape], [tensor.dtype, ...tensor.shape], name);
      const [a, b] = [actual.dataSync(), tensor.dataSync()];
      for (const [i, number] of b.entries())
        assert.ok(
          Math.abs(a[i]! - number) <= 1e-5 * Math.max(1, Math.abs(number)),
          `${name}[${i}]: ${a[i]}, ${number}`,
        );
    }
  });
  step.dispose();
}

for (const [title, operations] of Object.entries({ elementwise, shaping, networks })) {
  test(`${title} operations give in a graph what they give eagerly`, (context) => {
    if (!nativeBackend()) return context.skip("the native backend is not here");
    compare(operations);
  });

  test(`gradients of ${title} operations give in a graph what they give eagerly`, (context) => {
    if (!nativeBackend()) return context.skip("the native backend is not here");
    const differentiable = Object.entries(operations).filter(([name]) => !withoutGradient.has(name));
    compare(Object.fromEntries(differentiable.map(([name, operation]) => [name, gradientOf(operation)])));
  });
}

test("the gradients of kernels give in a graph what they give eagerly", (context) => {
  if (!nativeBackend()) return context.skip("the native backend is not here");
  compare({
    conv2d: ({ image }) =>
      tf.grad((x) =>
        tf
          .conv2d(image, x as tf.Tensor4D, 2, "same")
          .square()
          .sum(),
      )(kernel),
    depthwise: ({ image }) =>
      tf.grad((x) =>
        tf
          .depthwiseConv2d(image, x as tf.Tensor4D, 2, "same")
          .square()
          .sum(),
      )(depthwiseKernel),
  });
});

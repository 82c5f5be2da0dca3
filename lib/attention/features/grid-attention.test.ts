import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { startTensorFlow } from "../../node/start-tensorflow";
import { drawParameters } from "../draw-parameters.fixture";
import { assertNear } from "../goldens/golden.fixture";
import { ConvolutionalBlockAttention } from "./convolutional-block-attention";
import { channelKernelSize, EfficientChannelAttention } from "./efficient-channel-attention";
import { sharedMaximum } from "./shared-maximum";
import { SqueezeExcitation } from "./squeeze-excitation";

before(() => startTensorFlow());

const runs = { numRuns: 60, seed: 2018 };
const CHANNELS = 4;

const returning = { seed: 1, returnWeights: true } as const;
const layers = {
  SqueezeExcitation: () => new SqueezeExcitation({ ...returning, reduction: 2 }),
  EfficientChannelAttention: () => new EfficientChannelAttention({ ...returning, kernelSize: 3 }),
  ConvolutionalBlockAttention: () => new ConvolutionalBlockAttention({ ...returning, kernelSize: 3 }),
};

/** One grid of 1 to 3 rows and columns. */
const grids = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([rows, columns]) => {
    const size = rows * columns * CHANNELS;
    return fc
      .array(fc.float({ min: -5, max: 5, noNaN: true }), { minLength: size, maxLength: size })
      .map((values) => ({ values, shape: [1, rows, columns, CHANNELS] as [number, number, number, number] }));
  });

for (const [name, make] of Object.entries(layers)) {
  test(`${name}: every gate lies between 0 and 1, and the features are the grid times its gates`, () => {
    const layer = make();
    layer.build([null, null, null, CHANNELS]);
    drawParameters(layer, 0.5);
    return fc.assert(
      fc.property(grids, ({ values, shape }) =>
        tf.tidy(() => {
          const grid = tf.tensor4d(values, shape);
          const [features, channelGates, spatialGates] = (layer as tf.layers.Layer).apply(grid) as [
            tf.Tensor4D,
            tf.Tensor2D,
            tf.Tensor3D?,
          ];
          for (const gates of [channelGates, spatialGates])
            for (const gate of gates?.dataSync() ?? []) assert.ok(gate > 0 && gate < 1, `a gate is ${gate}`);
          const scaled = grid.mul(channelGates.reshape([1, 1, 1, CHANNELS]));
          const expected = spatialGates ? scaled.mul(spatialGates.expandDims(3)) : scaled;
          assertNear(features, expected, "features");
        }),
      ),
      runs,
    );
  });
}

test("channel gates don't depend on where in the grid a value stands, spatial gates do", () => {
  tf.tidy(() => {
    const grid = tf.randomNormal<tf.Rank.R4>([1, 3, 3, CHANNELS], 0, 1, "float32", 5);
    const moved = grid.reverse<tf.Tensor4D>(1);
    const layer = layers.ConvolutionalBlockAttention();
    const [, channel, spatial] = layer.apply(grid);
    const [, channelMoved, spatialMoved] = layer.apply(moved);
    assertNear(channelMoved, channel, "channel gates");
    assert.ok(spatialMoved.sub(spatial.reverse(1)).abs().max().dataSync()[0]! > 1e-3);
  });
});

test("the kernel size is what the authors' code gives", () => {
  // t = int(abs((log2(C) + b) / gamma)); k = t if t % 2 else t + 1, with gamma = 2 and b = 1.
  const sizes = { 1: 1, 3: 1, 16: 3, 64: 3, 112: 3, 128: 5, 256: 5, 512: 5, 1280: 5, 2048: 7 };
  for (const [channels, size] of Object.entries(sizes)) {
    assert.equal(channelKernelSize(Number(channels)), size, `${channels} channels`);
    const layer = new EfficientChannelAttention({ seed: 1 });
    layer.build([null, null, null, Number(channels)]);
    assert.deepEqual(layer.kernel.shape, [size]);
  }
});

test("numbers that tie for a maximum share its gradient, where nothing ties it is tf.max's", () => {
  tf.tidy(() => {
    const x = tf.tensor2d([
      [0, 0, 0, 0],
      [1, 3, 2, 3],
      [4, 1, 2, 3],
    ]);
    const gradient = tf.grad((y) =>
      sharedMaximum(y, [1])
        .mul(tf.tensor2d([[4], [2], [1]]))
        .sum(),
    )(x);
    assert.deepEqual([...gradient.dataSync()], [1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0]);
    assert.deepEqual([...sharedMaximum(x, [1]).dataSync()], [0, 3, 4]);
  });
});

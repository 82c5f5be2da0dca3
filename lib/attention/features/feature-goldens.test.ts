import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import {
  assertNear,
  goldenTensor,
  readGoldens,
  type StoredTensor,
  spoilMasked,
} from "../goldens/golden.fixture";
import { ConvolutionalBlockAttention } from "./convolutional-block-attention";
import { CrossAttention } from "./cross-attention";
import { EfficientChannelAttention } from "./efficient-channel-attention";
import type { AnyFeatureLayer } from "./feature-layers.fixture";
import { SelfAttention } from "./self-attention";
import { SqueezeExcitation } from "./squeeze-excitation";

before(() => startTensorFlow());

const layers = {
  SqueezeExcitation,
  EfficientChannelAttention,
  ConvolutionalBlockAttention,
  SelfAttention,
  CrossAttention,
};

/** Tensors by name, in the order in which the layer takes, learns or returns them. */
type Named = Record<string, StoredTensor>;

interface GoldenCase {
  name: string;
  layer: keyof typeof layers;
  args: Record<string, unknown>;
  inputs: Named;
  parameters: Named;
  /** The shape of the first input without the channels. */
  mask: tf.TensorLike | null;
  upstream: Named;
  outputs: Named;
  gradients: Named;
}

for (const golden of readGoldens<{ cases: GoldenCase[] }>("features.json").cases) {
  test(`${golden.layer} agrees with PyTorch, forward and gradients: ${golden.name}`, () => {
    const Layer = layers[golden.layer] as new (args: object) => AnyFeatureLayer;
    const layer = new Layer({ ...golden.args, seed: 1, returnWeights: true });
    const mask = golden.mask ? tf.tensor(golden.mask) : undefined;
    // PyTorch saw numbers at masked positions; whatever stands there, the outcome is the same.
    const inputs = Object.values(golden.inputs)
      .map(goldenTensor)
      .map((input, i) => (mask && i === 0 ? spoilMasked(input, mask) : input));
    layer.build(inputs.length === 1 ? inputs[0]!.shape : inputs.map(({ shape }) => shape));
    layer.setWeights(Object.values(golden.parameters).map(goldenTensor));
    const options = { mask };
    const run = (tensors: tf.Tensor[]) => layer.apply(tensors, options) as tf.Tensor[];

    const outputs = run(inputs);
    assert.equal(outputs.length, Object.keys(golden.outputs).length);
    for (const [i, [name, expected]] of Object.entries(golden.outputs).entries()) {
      assertNear(outputs[i]!, expected, name);
    }

    const upstream = Object.values(golden.upstream).map(goldenTensor);
    const loss = (...tensors: tf.Tensor[]) =>
      tf.addN(run(tensors).map((output, i) => output.mul(upstream[i]!).sum())).asScalar();
    for (const [i, name] of Object.keys(golden.inputs).entries()) {
      assertNear(tf.grads(loss)(inputs)[i]!, golden.gradients[name]!, `gradient of ${name}`);
    }
    const { grads } = tf.variableGrads(() => loss(...inputs), layer.variables);
    assert.equal(layer.variables.length, Object.keys(golden.parameters).length);
    for (const [i, name] of Object.keys(golden.parameters).entries()) {
      assertNear(grads[layer.variables[i]!.name]!, golden.gradients[name]!, `gradient of ${name}`);
    }
  });
}

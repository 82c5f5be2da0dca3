import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../node/start-tensorflow";
import { assertNoTensorLeak } from "../../runtime/tensor-scope";
import { assertNear } from "../goldens/golden.fixture";
import { layerNormalisation } from "./layer-normalisation";

before(() => startTensorFlow());

for (const shape of [
  [1, 1, 2],
  [3, 1, 5],
  [2, 7, 8],
] as [number, number, number][]) {
  test(`agrees with TensorFlow.js's layer, forward and all gradients: ${shape.join(" × ")}`, async () => {
    const reference = tf.layers.layerNormalization({ epsilon: 1e-5 });
    reference.build(shape);
    const draw = (size: number[], seed: number) => tf.randomNormal(size, 0.5, 2, "float32", seed);
    const [tokens, upstream] = [draw(shape, 1) as tf.Tensor3D, draw(shape, 2)];
    const [gain, offset] = [draw([shape[2]], 3) as tf.Tensor1D, draw([shape[2]], 4) as tf.Tensor1D];
    reference.setWeights([gain, offset]);
    await assertNoTensorLeak(() =>
      tf.tidy(() => {
        const expected = reference.apply(tokens) as tf.Tensor;
        assertNear(layerNormalisation(tokens, gain, offset), expected, "tokens");
        const [forTokens, forGain, forOffset] = tf.grads((x, g, b) =>
          layerNormalisation(x as tf.Tensor3D, g as tf.Tensor1D, b as tf.Tensor1D)
            .mul(upstream)
            .sum(),
        )([tokens, gain, offset]);
        const loss = (x: tf.Tensor) => (reference.apply(x) as tf.Tensor).mul(upstream).sum().asScalar();
        assertNear(forTokens!, tf.grad(loss)(tokens), "gradient of the tokens");
        const variables = reference.trainableWeights.map((weight) => weight.read() as tf.Variable);
        const { grads } = tf.variableGrads(() => loss(tokens), variables);
        assertNear(forGain!, grads[variables[0]!.name]!, "gradient of the gain");
        assertNear(forOffset!, grads[variables[1]!.name]!, "gradient of the offset");
      }),
    );
  });
}

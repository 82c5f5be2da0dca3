import { before, test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { startTensorFlow } from "../../runtime/tensorflow";
import { assertNear, goldenTensor, readGoldens, type StoredTensor } from "../goldens/golden";
import { ClassAttention, type ClassAttentionArgs } from "./class-attention";
import { GatedAttention, type GatedAttentionArgs } from "./gated-attention";
import { GeneralisedMeanPooling } from "./generalised-mean-pooling";
import type { LearnedPooling } from "./learned-poolings.fixture";
import { MultiHeadPooling, type MultiHeadPoolingArgs } from "./multi-head-pooling";

before(() => startTensorFlow());

type Described =
  | { layer: "GatedAttention"; arguments: GatedAttentionArgs }
  | { layer: "ClassAttention"; arguments: ClassAttentionArgs }
  | { layer: "MultiHeadPooling"; arguments: MultiHeadPoolingArgs }
  | { layer: "GeneralisedMeanPooling"; arguments: object };

type GoldenCase = Described & {
  name: string;
  inputs: Record<string, StoredTensor>;
  mask: number[][] | null;
  upstream: { context: StoredTensor; weights: StoredTensor };
  context: StoredTensor;
  weights: StoredTensor;
  gradients: Record<string, StoredTensor>;
};

function makeLayer(described: Described): LearnedPooling {
  switch (described.layer) {
    case "GatedAttention":
      return new GatedAttention(described.arguments);
    case "ClassAttention":
      return new ClassAttention(described.arguments);
    case "MultiHeadPooling":
      return new MultiHeadPooling(described.arguments);
    case "GeneralisedMeanPooling":
      return new GeneralisedMeanPooling(described.arguments);
  }
}

for (const golden of readGoldens<{ cases: GoldenCase[] }>("pooling.json").cases) {
  test(`${golden.layer} agrees with PyTorch, forward and gradients: ${golden.name}`, () => {
    const tokens = goldenTensor<tf.Rank.R3>(golden.inputs.tokens!);
    const layer = makeLayer(golden);
    layer.build(tokens.shape);
    const names = Object.keys(layer.parameters);
    layer.setWeights(names.map((name) => goldenTensor(golden.inputs[name]!)));
    const options = golden.mask ? { mask: tf.tensor2d(golden.mask) } : {};

    const [context, weights] = layer.apply(tokens, options);
    assertNear(context, golden.context, "context");
    assertNear(weights, golden.weights, "weights");

    const loss = (x: tf.Tensor) => {
      const [c, alpha] = layer.apply(x, options);
      const [onContext, onWeights] = [golden.upstream.context, golden.upstream.weights].map(goldenTensor);
      return c.mul(onContext!).sum().add(alpha.mul(onWeights!).sum()).asScalar();
    };
    assertNear(tf.grad(loss)(tokens), golden.gradients.tokens!, "gradient of tokens");
    const { grads } = tf.variableGrads(() => loss(tokens), layer.variables);
    for (const [i, name] of names.entries()) {
      assertNear(grads[layer.variables[i]!.name]!, golden.gradients[name]!, `gradient of ${name}`);
    }
  });
}

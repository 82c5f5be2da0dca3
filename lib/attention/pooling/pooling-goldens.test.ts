import { before, test } from "node:test";
import { startTensorFlow } from "../../node/start-tensorflow";
import { readGoldens } from "../goldens/golden.fixture";
import { ClassAttention, type ClassAttentionArgs } from "./class-attention";
import { GatedAttention, type GatedAttentionArgs } from "./gated-attention";
import { GeneralisedMeanPooling } from "./generalised-mean-pooling";
import type { LearnedPooling } from "./learned-poolings.fixture";
import { MultiHeadPooling, type MultiHeadPoolingArgs } from "./multi-head-pooling";
import { assertAgrees, givenNames, type PoolingGolden } from "./pooling-goldens.fixture";

before(() => startTensorFlow());

type Described =
  | { layer: "GatedAttention"; arguments: GatedAttentionArgs }
  | { layer: "ClassAttention"; arguments: ClassAttentionArgs }
  | { layer: "MultiHeadPooling"; arguments: MultiHeadPoolingArgs }
  | { layer: "GeneralisedMeanPooling"; arguments: object };

type GoldenCase = Described & PoolingGolden;

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
    assertAgrees(makeLayer(golden), golden, givenNames(golden));
  });
}

import { before, test } from "node:test";
import { startTensorFlow } from "../../node/start-tensorflow";
import { readGoldens } from "../goldens/golden.fixture";
import { AimAttentiveProbe, type AimAttentiveProbeArgs } from "./aim-attentive-probe";
import { CaitClassAttention, type CaitClassAttentionArgs } from "./cait-class-attention";
import { ClassAttention, type ClassAttentionArgs } from "./class-attention";
import { EfficientProbing, type EfficientProbingArgs } from "./efficient-probing";
import { type FrozenScoreArgs, FrozenScoreAttention } from "./frozen-score-attention";
import { GatedAttention, type GatedAttentionArgs } from "./gated-attention";
import { GeneralisedMeanPooling } from "./generalised-mean-pooling";
import { type HiddenThenAttentionArgs, HiddenThenAttentionPooling } from "./hidden-then-attention-pooling";
import { type HiddenThenMeanArgs, HiddenThenMeanPooling } from "./hidden-then-mean-pooling";
import { JepaAttentiveBlock, type JepaAttentiveBlockArgs } from "./jepa-attentive-block";
import type { LearnedPooling } from "./learned-poolings.fixture";
import { type MeanThenHiddenArgs, MeanThenHiddenPooling } from "./mean-then-hidden-pooling";
import { MultiHeadPooling, type MultiHeadPoolingArgs } from "./multi-head-pooling";
import { assertAgrees, givenNames, type PoolingGolden } from "./pooling-goldens.fixture";
import { type ProjectionThenMeanArgs, ProjectionThenMeanPooling } from "./projection-then-mean-pooling";
import { SimPool } from "./sim-pool";

before(() => startTensorFlow());

/** How each layer is made of the arguments that its cases name. */
const makers: Readonly<Record<string, (args: never) => LearnedPooling>> = {
  GatedAttention: (args: GatedAttentionArgs) => new GatedAttention(args),
  ClassAttention: (args: ClassAttentionArgs) => new ClassAttention(args),
  MultiHeadPooling: (args: MultiHeadPoolingArgs) => new MultiHeadPooling(args),
  GeneralisedMeanPooling: (args: object) => new GeneralisedMeanPooling(args),
  HiddenThenAttentionPooling: (args: HiddenThenAttentionArgs) => new HiddenThenAttentionPooling(args),
  FrozenScoreAttention: (args: FrozenScoreArgs) => new FrozenScoreAttention(args),
  EfficientProbing: (args: EfficientProbingArgs) => new EfficientProbing(args),
  SimPool: (args: { seed: number }) => new SimPool(args),
  AimAttentiveProbe: (args: AimAttentiveProbeArgs) => new AimAttentiveProbe(args),
  JepaAttentiveBlock: (args: JepaAttentiveBlockArgs) => new JepaAttentiveBlock(args),
  CaitClassAttention: (args: CaitClassAttentionArgs) => new CaitClassAttention(args),
  HiddenThenMeanPooling: (args: HiddenThenMeanArgs) => new HiddenThenMeanPooling(args),
  MeanThenHiddenPooling: (args: MeanThenHiddenArgs) => new MeanThenHiddenPooling(args),
  ProjectionThenMeanPooling: (args: ProjectionThenMeanArgs) => new ProjectionThenMeanPooling(args),
};

type GoldenCase = PoolingGolden & { layer: string; arguments: object };

for (const file of ["pooling.json", "controls.json", "probes.json"]) {
  for (const golden of readGoldens<{ cases: GoldenCase[] }>(file).cases) {
    test(`${golden.layer} agrees with PyTorch, forward and gradients: ${golden.name}`, () => {
      assertAgrees(makers[golden.layer]!(golden.arguments as never), golden, givenNames(golden));
    });
  }
}

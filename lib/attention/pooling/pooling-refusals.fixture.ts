import { type Anything, ones, type Refusal, whole } from "../refusal-kinds.fixture";
import { AimAttentiveProbe } from "./aim-attentive-probe";
import { CaitClassAttention } from "./cait-class-attention";
import { EfficientProbing } from "./efficient-probing";
import { FrozenScoreAttention } from "./frozen-score-attention";
import { hiddenLayer } from "./hidden-layer";
import { HiddenThenAttentionPooling } from "./hidden-then-attention-pooling";
import { HiddenThenMeanPooling } from "./hidden-then-mean-pooling";
import { JepaAttentiveBlock } from "./jepa-attentive-block";
import { MeanThenHiddenPooling } from "./mean-then-hidden-pooling";
import { ProjectionThenMeanPooling } from "./projection-then-mean-pooling";

const seed = 1;

/** What the controls and the probes refuse, each for reasons of its own. */
export function poolingRefusals(): Refusal[] {
  return [
    [
      "EfficientProbing, queries that don't divide the channels",
      () => new EfficientProbing({ queries: 3, seed }).apply(ones(1, 2, 4)),
      /can't deal 4 channels evenly to 3 queries/,
    ],
    ...[AimAttentiveProbe, JepaAttentiveBlock, CaitClassAttention].flatMap((Layer): Refusal[] => [
      [
        `${Layer.className}, heads that don't divide the channels`,
        () => new Layer({ heads: 3, seed }).apply(ones(1, 2, 4)),
        /can't deal 4 channels evenly to 3 heads/,
      ],
      [
        `${Layer.className}, half a head`,
        () => new Layer({ heads: 1.5, seed }),
        /heads must be a whole number/,
      ],
    ]),
    [
      "EfficientProbing, no queries",
      () => new EfficientProbing({ queries: 0, seed }),
      /queries must be a whole number/,
    ],
    [
      "hiddenLayer, a kernel of other channels",
      () => hiddenLayer(ones(1, 3, 4), { hiddenKernel: ones(5, 2), hiddenBias: ones(2) }),
      /channels is 4 in tokens and 5 in hiddenKernel/,
    ],
    [
      "hiddenLayer, whole numbers",
      () => hiddenLayer(whole(1, 3, 4), { hiddenKernel: ones(4, 2), hiddenBias: ones(2) }),
      /takes tokens as float32, not int32/,
    ],
    [
      "FrozenScoreAttention, nothing frozen",
      () => new FrozenScoreAttention({ units: 2, frozen: "nothing" as Anything, seed }),
      /frozen must be one of vector, score, not nothing/,
    ],
    ...[0, -1, Number.NaN, Number.POSITIVE_INFINITY, "2" as Anything].map(
      (scale): Refusal => [
        `FrozenScoreAttention, a scale of ${scale}`,
        () => new FrozenScoreAttention({ units: 2, frozen: "score", scale, seed }),
        /scale must be a number above 0/,
      ],
    ),
    ...[0, 2.5, Number.NaN, -3, undefined, "2", true].flatMap((wrong: Anything): Refusal[] => [
      [
        `units of ${wrong}, a hidden layer before the mean`,
        () => new HiddenThenMeanPooling({ units: wrong, seed }),
        /units must be a whole number/,
      ],
      [
        `units of ${wrong}, a hidden layer behind the mean`,
        () => new MeanThenHiddenPooling({ units: wrong, seed }),
        /units must be a whole number/,
      ],
      [
        `units of ${wrong}, a projection`,
        () => new ProjectionThenMeanPooling({ units: wrong, seed }),
        /units must be a whole number/,
      ],
      [
        `hidden units of ${wrong}`,
        () => new HiddenThenAttentionPooling({ hiddenUnits: wrong, units: 2, seed }),
        /hiddenUnits must be a whole number/,
      ],
    ]),
    ...[2.5, Number.NaN, -1, undefined, "1"].flatMap((wrong: Anything): Refusal[] => [
      [
        `a seed of ${wrong}, a pooling`,
        () => new HiddenThenMeanPooling({ units: 2, seed: wrong }),
        /seed must be a whole number/,
      ],
    ]),
  ];
}

import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import type { PixelImage } from "../images/pixel-image";
import { randomStream } from "../runtime/random";
import { TransferModel } from "../transfer/model";
import { makeNetwork, type Network } from "./network";
import { readExplainGolden } from "./small-network.fixture";

interface StoredTensor {
  shape: number[];
  data: number[];
}

/** What `goldens/write_self_attention.py` writes. */
interface SelfAttentionGolden {
  target: number;
  image: number[];
  features: StoredTensor;
  parameters: StoredTensor[];
  logits: StoredTensor;
  layers: StoredTensor[];
  gradients: StoredTensor[];
  pooling: StoredTensor;
  poolingGradient: StoredTensor;
  rollout: StoredTensor;
  timesGradient: StoredTensor;
}

export const golden = readExplainGolden<SelfAttentionGolden>("self-attention.json");
export const [SIDE, GRID, CHANNELS, CLASSES] = [6, 3, 8, 3];
export const image: PixelImage = {
  width: SIDE,
  height: SIDE,
  channels: 3,
  data: Uint8Array.from(golden.image),
};
/** The methods that need self-attention. */
export const methods = ["attention rollout", "attention × gradient", "LeGrad"] as const;

export const tensorOf = <R extends tf.Rank>({ data, shape }: StoredTensor) =>
  tf.tensor<R>(data, shape as tf.ShapeMap[R], "float32");

/** A model with the pooling self-attention, whose parameters are away from where they start. */
export function drawnModel(
  channels: number,
  classes: number,
  draw: (i: number, shape: number[]) => tf.Tensor,
) {
  const stream = randomStream(1, "self-attention test");
  const model = new TransferModel({
    pooling: "self-attention",
    channels,
    classes,
    attentionUnits: 5,
    stream,
  });
  tf.tidy(() => {
    for (const [i, variable] of model.headVariables.entries()) variable.assign(draw(i, variable.shape));
  });
  return model;
}

/** The network of the golden values: a linear map of pooled pixels, and the head of a transfer. */
export function goldenNetwork(): { network: Network; dispose: () => void } {
  assert.equal(golden.parameters.length, 2 * 9 + 4 + 2);
  const model = drawnModel(CHANNELS, CLASSES, (i) => tensorOf(golden.parameters[i]!));
  const projection = tensorOf<tf.Rank.R2>(golden.features);
  const network = makeNetwork({
    inputSize: SIDE,
    classes: CLASSES,
    rows: GRID,
    columns: GRID,
    features: (pixels) =>
      tf.tidy(() => {
        const pooled = tf.avgPool(
          pixels.sub<tf.Tensor4D>(127).div<tf.Tensor4D>(64),
          SIDE / GRID,
          SIDE / GRID,
          "valid",
        );
        const batch = pooled.shape[0];
        return pooled
          .reshape<tf.Tensor2D>([batch * GRID * GRID, 3])
          .matMul(projection)
          .reshape([batch, GRID, GRID, CHANNELS]);
      }),
    decide: (features, probes) => model.decide(features, { probes }),
  });
  const dispose = () => {
    network.dispose();
    model.dispose();
    projection.dispose();
  };
  return { network, dispose };
}

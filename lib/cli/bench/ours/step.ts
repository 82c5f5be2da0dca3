import * as tf from "@tensorflow/tfjs";
import { Adam } from "../../../graph/adam";
import { compile } from "../../../graph/compile";
import { softmaxCrossEntropy } from "../../../graph/softmax-cross-entropy";
import { loadEfficientNetLite0 } from "../../../node/load-efficientnet-lite0";
import { randomStream } from "../../../runtime/random";
import { TransferModel } from "../../../transfer/model";
import type { Work } from "../cases";
import type { Job } from "../job";
import { readInputs, type Workload } from "./workload";

/** A training step as the trainer takes it: model, cross-entropy and Adam in one compiled graph. */
export async function stepWorkload(job: Job, work: Extract<Work, { kind: "step" }>): Promise<Workload> {
  const { batch, from, rows, columns, channelsIn, channels, pooling, learningRate } = work;
  const stage = from ? (await loadEfficientNetLite0()).trainableStage(from, "head") : undefined;
  const model = new TransferModel({
    pooling,
    channels,
    classes: job.classes,
    attentionUnits: job.attentionUnits,
    stage,
    stream: randomStream(job.seed, "bench"),
  });
  const { grids, ...head } = readInputs(job);
  for (const [i, variable] of model.headVariables.entries()) variable.assign(head[`head_${i}`]!);
  tf.dispose(head);
  const labels = tf.tensor1d(Int32Array.from({ length: batch }, (_, i) => i % job.classes));
  const inputs = { grids: grids as tf.Tensor4D, labels };
  const adam = new Adam([...model.headVariables, ...model.stageVariables]);
  const eager = (given: typeof inputs) =>
    adam.minimize(
      () => softmaxCrossEntropy(model.predict(given.grids).logits, given.labels).mean<tf.Scalar>(),
      learningRate,
    );
  const step = compile(eager, {
    inputs: { grids: [null, rows, columns, channelsIn], labels: { shape: [null], dtype: "int32" } },
  });
  const run = () => tf.tidy(() => step(inputs).dataSync()[0]!);
  return {
    check: async () => Array.from({ length: job.checkedSteps }, run),
    run,
    step: { eager: eager as NonNullable<Workload["step"]>["eager"], inputs },
  };
}

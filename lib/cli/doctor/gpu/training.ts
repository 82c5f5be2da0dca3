import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../../backbones/backbone";
import { Adam } from "../../../graph/adam";
import { compile } from "../../../graph/compile";
import { softmaxCrossEntropy } from "../../../graph/softmax-cross-entropy";
import { randomStream } from "../../../runtime/random";
import { TransferModel } from "../../../transfer/model";
import { drawn } from "./drawn";

/** Where training begins, and with how many images in a step. */
export interface TrainingCase {
  name: string;
  /** The cut point from which the backbone is trained to its head; without it only the head is. */
  from?: string;
  rows: number;
  channels: number;
  batch: number;
  learningRate: number;
}

const classes = 8;

/** A training step as the trainer takes it: model, cross-entropy and Adam. */
export interface TrainingStep {
  /** Takes a step; its loss, a scalar that the caller frees. */
  take(): tf.Tensor;
  dispose(): void;
}

/**
 * Makes a model with attention and its optimiser, on features that are drawn, each class a little apart.
 * @param compiled whether the step is compiled, as the trainer does it
 */
export function trainingStep(backbone: Backbone, training: TrainingCase, compiled = true): TrainingStep {
  const { from, rows, channels, batch, learningRate } = training;
  const model = new TransferModel({
    pooling: "attention",
    channels: from ? 1280 : channels,
    classes,
    stage: from ? backbone.trainableStage(from, "head") : undefined,
    stream: randomStream(0, "doctor"),
  });
  const labels = tf.tensor1d(
    Int32Array.from({ length: batch }, (_, i) => i % classes),
    "int32",
  );
  const grids = tf.tidy(() => {
    const centres = drawn<tf.Rank.R2>(`centres ${channels}`, [classes, channels], 0.5);
    const own = tf.gather(centres, labels).reshape([batch, 1, 1, channels]);
    return drawn<tf.Rank.R4>(`features ${channels}`, [batch, rows, rows, channels], 0.5).add<tf.Tensor4D>(
      own,
    );
  });
  const adam = new Adam([...model.headVariables, ...model.stageVariables]);
  const eager = (given: { grids: tf.Tensor4D; labels: tf.Tensor1D }) => {
    const loss = () => softmaxCrossEntropy(model.predict(given.grids).logits, given.labels).mean<tf.Scalar>();
    return adam.minimize(loss, learningRate);
  };
  const step = compile(eager, {
    inputs: { grids: [null, rows, rows, channels], labels: { shape: [null], dtype: "int32" } },
  });
  return {
    take: () => (compiled ? step({ grids, labels }) : tf.tidy(() => eager({ grids, labels }))),
    dispose: () => {
      step.dispose();
      adam.dispose();
      model.dispose();
      tf.dispose([grids, labels]);
    },
  };
}

const head = { name: "attention head on 14 × 14 × 112", rows: 14, channels: 112, learningRate: 1e-3 };
const stage = {
  name: "last stage from 7 × 7 × 192",
  from: "stage6",
  rows: 7,
  channels: 192,
  learningRate: 1e-4,
};

/** What is trained to compare the losses; small enough for plain JavaScript. */
export const comparedTrainings: readonly (TrainingCase & { steps: number })[] = [
  { ...head, batch: 16, steps: 12 },
  { ...stage, batch: 2, steps: 4 },
];

/** What is timed. */
export const timedTrainings: readonly TrainingCase[] = [
  { ...head, batch: 32 },
  { name: "attention head on 7 × 7 × 1280", rows: 7, channels: 1280, batch: 32, learningRate: 1e-3 },
  { ...stage, batch: 32 },
  {
    name: "whole network from 224 × 224 × 3",
    from: "input",
    rows: 224,
    channels: 3,
    batch: 32,
    learningRate: 1e-5,
  },
];

/** The losses of a training's first steps. */
export function lossesOf(backbone: Backbone, training: TrainingCase, steps: number): number[] {
  const step = trainingStep(backbone, training);
  const losses = Array.from({ length: steps }, () => {
    const loss = step.take();
    const [value] = loss.dataSync();
    loss.dispose();
    return value!;
  });
  step.dispose();
  return losses;
}

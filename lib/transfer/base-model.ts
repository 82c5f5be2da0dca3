import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../backbones/backbone";
import { backboneFromWeights } from "../backbones/recognise";
import { drawSmallResNet, smallResNet } from "../backbones/small-resnet";
import type { PixelImage } from "../images/pixel-image";
import { stackImages } from "../images/stack-images";
import type { OnProgress } from "../runtime/progress";
import { randomStream } from "../runtime/random";
import { sha256 } from "../runtime/sha256";
import { encodeSafetensors, type TensorsToWrite } from "../weights/safetensors";
import type { StoredTensor } from "../weights/stored-tensor";
import type { LabelledTokens } from "./labelled-tokens";
import { TransferModel } from "./model";
import { type Trained, train } from "./trainer";
import type { TrainingPlan } from "./training-plan";

/** Pictures of a source domain, all `inputSize × inputSize` in red, green, blue, and a class for each. */
export interface SourceImages {
  images: readonly PixelImage[];
  labels: Int32Array;
}

/** How a base model is trained. */
export interface BaseModelOptions {
  training: SourceImages;
  /** Other pictures: the weights of the epoch that does best on them are kept. */
  validation: SourceImages;
  classes: number;
  /** Side of the pictures, 28 … 64 pixels. */
  inputSize: number;
  plan: TrainingPlan;
  /** Decides the first weights and the order of the pictures. */
  seed: number;
  onProgress?: OnProgress;
}

/** Pictures that are preprocessed at once. */
const BATCH_SIZE = 256;

/**
 * Trains a small ResNet from scratch on a source domain, to be cut and transferred like any other backbone.
 * @returns the backbone with its classifier (dispose it); the bytes of its weights as safetensors, which
 *   `parseSafetensors` and `backboneFromWeights` read; and what was seen on the way
 * @throws UserError for pictures of another size, and what `train` refuses
 */
export async function trainBaseModel(
  options: BaseModelOptions,
): Promise<Trained & { backbone: Backbone; weights: Uint8Array }> {
  const { classes, inputSize, plan, seed, onProgress } = options;
  const stream = randomStream(seed, "base model");
  const { name, cuts } = smallResNet;
  const first = drawSmallResNet(stream.child("weights"));
  const start = backboneFromWeights(first, "drawn", { name, inputSize });
  let model: TransferModel | undefined;
  try {
    const training = await preprocessed(start, options.training);
    const validation = await preprocessed(start, options.validation);
    const stage = start.trainableStage("input", cuts.last);
    const { channels } = start.cutPoints.at(-1)!;
    model = new TransferModel({ pooling: "mean", channels, classes, stage, stageChannels: 3, stream });
    const trained = await train({
      model,
      training,
      validation,
      plan,
      stream: stream.child("order"),
      onProgress,
    });
    const tensors = await trainedTensors(first, model);
    const weights = encodeSafetensors(Object.fromEntries(tensors) as TensorsToWrite, {});
    return {
      ...trained,
      weights,
      backbone: backboneFromWeights(tensors, sha256(weights), { name, inputSize }),
    };
  } finally {
    model?.dispose();
    start.dispose();
  }
}

/** The pixels as a cut point's features, which a stage from the input on takes. */
async function preprocessed(backbone: Backbone, { images, labels }: SourceImages): Promise<LabelledTokens> {
  const side = backbone.inputSize;
  const size = side * side * 3;
  const data = new Float32Array(images.length * size);
  for (let done = 0; done < images.length; done += BATCH_SIZE) {
    const batch = images.slice(done, done + BATCH_SIZE);
    const pixels = tf.tidy(() => backbone.preprocess(stackImages(batch, side, done)));
    data.set(await pixels.data<"float32">(), done * size);
    pixels.dispose();
  }
  return { tokens: { data, count: images.length, rows: side, columns: side, channels: 3 }, labels };
}

/** The first weights with what was learned in their place, and the classifier. */
async function trainedTensors(
  first: ReadonlyMap<string, StoredTensor>,
  model: TransferModel,
): Promise<Map<string, StoredTensor>> {
  const tensors = new Map(first);
  const learned = [
    ...model.variablesOf("stage"),
    ...[...model.variablesOf("classifier")].map(
      ([name, variable]) => [`classifier/${name}`, variable] as const,
    ),
  ];
  for (const [name, variable] of learned)
    tensors.set(name, { shape: variable.shape, dtype: "float32", data: await variable.data<"float32">() });
  return tensors;
}

import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import type { PixelImage } from "../../images/pixel-image";
import type { Rectangle } from "../../images/resample";
import { stackImages } from "../../images/stack-images";
import { probabilitiesOf } from "../../statistics/calibration";
import type { TransferModel } from "../../transfer/model";
import { readImage } from "../decode-image";
import { middleSquare, scaledMiddle } from "../photograph";
import { answerTensors } from "./answers";
import { nearestDistances, type UnlikeRule } from "./unlike";

/** What makes answers of a model's scores: what was learned of them on validation photographs. */
export interface AnswerRules {
  /** By which logits are divided before the softmax. */
  temperature: number;
  unlike: UnlikeRule;
  /** Features of the training photographs, `[photographs, channels]`, each of length 1. */
  references: Float32Array;
}

/** What a model says of a photograph. */
export interface PhotographPrediction {
  /** The class with the highest probability; where the photograph is unlike all of them, it is still the nearest guess. */
  label: string;
  /** Its calibrated probability, 0 … 1: of the classes that there are, whatever the photograph shows. */
  probability: number;
  /** The probability of each class, the highest first. */
  probabilities: { label: string; probability: number }[];
  /** Whether the photograph is farther from all training photographs than the rule allows. */
  noneOfThese: boolean;
  /** How far it is from the nearest one, 0 … 2, and from where on that is too far. */
  distance: number;
  threshold: number;
  /** Where the model looked inside the crop, row-major `[rows, columns]`; absent where all positions count the same. */
  map?: { map: Float32Array; rows: number; columns: number };
  /** The part of the photograph that the network saw, in pixels of the upright photograph. */
  crop: Rectangle;
  width: number;
  height: number;
}

/** A transferred model that answers for photographs: backbone, model, and how its scores are read. Made by `transfer`. */
export class PhotographModel {
  readonly classes: readonly string[];

  /**
   * @param backbone stays the caller's
   * @param model is disposed with this
   */
  constructor(
    readonly backbone: Backbone,
    readonly model: TransferModel,
    readonly rules: AnswerRules,
  ) {
    this.classes = model.classNames!;
  }

  /**
   * What the model says of one photograph, and where it looked.
   * @param photograph a file, or an image that was read before, upright
   * @throws UserError for a file that is missing, damaged or no image
   */
  async predict(photograph: string | PixelImage): Promise<PhotographPrediction> {
    const image = typeof photograph === "string" ? await readImage(photograph, 3) : photograph;
    const { inputSize } = this.backbone;
    const seen = await scaledMiddle(image, inputSize);
    const { frozenUpTo, pooledAt } = this.model.origin!.regime;
    const answer = tf.tidy(() => {
      const pixels = this.backbone.preprocess(stackImages([seen], inputSize));
      const { logits, features, maps } = answerTensors(
        this.model,
        this.backbone.run(pixels, "input", frozenUpTo),
        {},
      );
      return { logits: logits.dataSync(), features: features.dataSync(), maps: maps.dataSync() };
    });
    const { temperature, unlike, references } = this.rules;
    const shares = probabilitiesOf(answer.logits, this.classes.length, temperature);
    const probabilities = this.classes
      .map((label, i) => ({ label, probability: shares[i]! }))
      .sort((one, other) => other.probability - one.probability);
    const features = answer.features as Float32Array;
    const distance = nearestDistances(features, references, features.length)[0]!;
    const { rows, columns } = findCut(this.backbone, pooledAt);
    const map = answer.maps as Float32Array;
    const { width, height } = image;
    return {
      ...probabilities[0]!,
      probabilities,
      noneOfThese: distance > unlike.threshold,
      distance,
      threshold: unlike.threshold,
      ...(map.some((weight) => weight !== map[0]) && { map: { map, rows, columns } }),
      crop: middleSquare(image, inputSize),
      width,
      height,
    };
  }

  /** Frees the model's variables. The backbone stays. */
  dispose(): void {
    this.model.dispose();
  }
}

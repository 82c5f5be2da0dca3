import type { StoredTensor } from "../weights/stored-tensor";
import type { Preprocessing } from "./architecture";
import type { Backbone } from "./backbone";
import type { ExpectedTensor } from "./expected-tensors";

/** Who named the tensors of a weights file. */
export type ConventionName =
  | "torchvision"
  | "timm"
  | "Hugging Face"
  | "Keras"
  | "lukemelas"
  | "DINOv2"
  | "attention-transfer";

/** An architecture as one convention writes it into files: names, order of axes, preprocessing. */
export interface Convention {
  readonly name: ConventionName;
  /** What the tensors alone don't tell, and what is assumed. */
  readonly note?: string;
  /** How the inputs of these weights are prepared. */
  readonly preprocessing: Preprocessing;
  /** The tensors that a file must hold, and no others. */
  readonly tensors: readonly ExpectedTensor[];
  /**
   * The network with weights that `tensors` describes.
   * @param inputSize side of the input in pixels, where it is to be another than that of the weights
   */
  make(weights: ReadonlyMap<string, StoredTensor>, digest: string, inputSize?: number): Backbone;
}

/** One architecture that weights can be loaded into, and where it is best cut. */
export interface CatalogueEntry {
  /** As `--backbone` takes it, such as `resnet50`. */
  readonly name: string;
  /** As it is written in a text, such as `ResNet-50`. */
  readonly title: string;
  /** Cut points for the usual regimes. */
  readonly cuts: {
    /** Frozen middle layer: half of the resolution of the last one is left. */
    readonly middle: string;
    /** The last features, which the classifier of the source domain sees. */
    readonly last: string;
    /** Where a fine-tuned last stage begins; it ends at `last`. */
    readonly fineTunedFrom: string;
  };
  /** What of a photograph was looked at when these weights were evaluated. */
  readonly crop: {
    /** Side of the square in the middle, as a share of the shorter side. */
    readonly fraction: number;
    /** How the square was scaled to the input's size, with antialiasing. */
    readonly kernel: "bilinear" | "bicubic";
  };
  /** The first is the one that a file is taken for where several fit. */
  readonly conventions: readonly Convention[];
}

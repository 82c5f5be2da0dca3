import * as tf from "@tensorflow/tfjs";
import { sha256 } from "../runtime/sha256";
import { UserError } from "../runtime/user-error";
import type { StoredTensor } from "../weights/stored-tensor";
import type { Architecture, Block } from "./architecture";
import type { Backbone, CutPoint, StagePurpose, TrainableStage } from "./backbone";
import {
  type ConvolutionWeights,
  type FoldedConvolution,
  foldConvolution,
  inTurn,
  readConvolution,
  runBlock,
} from "./convolution";
import { convolutionsOf, expectedTensors } from "./expected-tensors";
import { describePreprocessing, preprocessPixels } from "./preprocess";
import { numbersOf, requireWeights, withoutClassifier } from "./require-weights";
import { makeTrainableStage } from "./trainable-stage";

interface LoadedBlock {
  block: Block;
  convolutions: ConvolutionWeights[];
  folded: FoldedConvolution[];
}

/** A backbone that an `Architecture` describes, with BatchNorm folded into its convolutions. */
export class StagedBackbone implements Backbone {
  readonly name: string;
  readonly inputSize: number;
  readonly cutPoints: readonly CutPoint[];
  readonly digest: string;
  readonly preprocessing: Readonly<Record<string, number | string>>;
  private readonly stages: LoadedBlock[][];
  private readonly classifier: { kernel: tf.Tensor2D; bias: tf.Tensor1D } | undefined;

  /**
   * @param weights the state dictionary of the network.
   * @param weightsDigest digest of the file that it comes from.
   * @throws UserError that lists by name which tensors are missing, of another shape, or too many.
   */
  constructor(
    private readonly architecture: Architecture,
    weights: ReadonlyMap<string, StoredTensor>,
    weightsDigest: string,
  ) {
    this.name = architecture.name;
    this.inputSize = architecture.inputSize;
    this.cutPoints = describeCutPoints(architecture);
    this.digest = sha256(`${architecture.name} ${architecture.version} ${weightsDigest}`);
    this.preprocessing = describePreprocessing(architecture);
    requireWeights(architecture.name, expectedTensors(architecture), weights);
    const { epsilon, layout, classifier } = architecture;
    this.stages = architecture.stages.map((stage) =>
      stage.blocks.map((block) => {
        const convolutions = convolutionsOf(block).map((each) => readConvolution(weights, each, layout));
        const folded = convolutions.map((each) => foldConvolution(each, epsilon));
        return { block, convolutions, folded };
      }),
    );
    if (!weights.has(classifier.kernel)) return;
    const [numbers, bias] = [classifier.kernel, classifier.bias].map((name) => numbersOf(weights, name));
    const shape = weights.get(classifier.kernel)!.shape as [number, number];
    const kernel = tf.tidy(() => {
      const stored = tf.tensor2d(numbers!, shape);
      return tf.keep(layout === "PyTorch" ? stored.transpose<tf.Tensor2D>() : stored);
    });
    this.classifier = { kernel, bias: tf.keep(tf.tensor1d(bias!)) };
  }

  preprocess(pixels: tf.Tensor4D): tf.Tensor4D {
    this.expectShape(pixels, "input");
    return preprocessPixels(pixels, this.architecture);
  }

  run(x: tf.Tensor4D, from: string, to: string): tf.Tensor {
    const first = this.indexOf(from);
    const last = to === "logits" ? this.stages.length : this.indexOf(to);
    const { classifier } = this;
    if (to === "logits" && !classifier) throw withoutClassifier(this);
    if (first > last) throw new UserError(`${this.name} can't run backwards, from ${from} to ${to}.`);
    this.expectShape(x, from);
    const { padding } = this.architecture;
    return tf.tidy(() => {
      const blocks = this.stages.slice(first, last).flat();
      const y = inTurn(x, blocks, (input, { block, folded }) => runBlock(input, block, folded, padding));
      if (to !== "logits") return y === x ? x.clone() : y;
      return tf.add(tf.matMul(tf.mean(y, [1, 2]) as tf.Tensor2D, classifier!.kernel), classifier!.bias);
    });
  }

  trainableStage(from: string, to: string, purpose: StagePurpose = "training"): TrainableStage {
    const first = this.indexOf(from);
    const last = this.indexOf(to);
    if (first >= last) {
      throw new UserError(
        `There is nothing to train in ${this.name} from ${from} to ${to}: name a later cut point.`,
      );
    }
    const canTrain = tf.getBackend() !== "wasm";
    if (!canTrain && purpose === "training") {
      throw new UserError(
        "The wasm backend can't compute the gradient of a convolution, so no stage of the backbone can be trained on it. " +
          "Train it on the native backend, or train a head on frozen features.",
      );
    }
    return makeTrainableStage(this.stages.slice(first, last).flat(), this.architecture, canTrain);
  }

  dispose(): void {
    for (const { folded } of this.stages.flat())
      for (const { kernel, bias } of folded) tf.dispose([kernel, bias]);
    tf.dispose(this.classifier ?? []);
  }

  /** How many stages lie before a place: 0 for the input. */
  private indexOf(place: string): number {
    const index = ["input", ...this.cutPoints.map(({ name }) => name)].indexOf(place);
    if (index >= 0) return index;
    const names = this.cutPoints.map(({ name }) => name).join(", ");
    throw new UserError(`${this.name} has no cut point "${place}". Its cut points are ${names}.`);
  }

  private expectShape(x: tf.Tensor4D, place: string): void {
    const cut = this.cutPoints[this.indexOf(place) - 1];
    const expected = cut ? [cut.rows, cut.columns, cut.channels] : [this.inputSize, this.inputSize, 3];
    if (x.shape.slice(1).join() === expected.join()) return;
    throw new UserError(
      `${this.name} takes [batch, ${expected.join(", ")}] at ${place} and was given [${x.shape.join(", ")}].`,
    );
  }
}

function describeCutPoints({ inputSize, stages }: Architecture): CutPoint[] {
  let stride = 1;
  return stages.map((stage) => {
    stride *= stage.stride;
    const side = Math.ceil(inputSize / stride);
    return { name: stage.name, stride, rows: side, columns: side, channels: stage.channels };
  });
}

import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import { randomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import { evaluate } from "../../transfer/evaluate";
import { fitRegime } from "../../transfer/fit-regime";
import { TransferModel } from "../../transfer/model";
import { type EpochRecord, type Trained, train } from "../../transfer/trainer";
import type { FoldPart, LineData } from "./fold-data";
import type { LineFit } from "./line";
import { type Look, lookOf } from "./look";

/** A line trained on one fold, with the weights of its best validation epoch. */
export interface TrainedLine {
  model: TransferModel;
  history: EpochRecord[];
  best: EpochRecord;
}

/** What comes out of a run: plain data. */
export interface LineResult {
  bestEpoch: number;
  validationAccuracy: number;
  trainedParameters: number;
  /** Whether each scene of the cells was told right, 1 or 0, in the order of the plan. */
  cells: number[];
  /** The same of the scenes in which the target is a silhouette. */
  silhouettes: number[];
  /** Where the pooling looked; absent where no weights are learned that could differ. */
  look?: Look;
}

/** Trains a line on a fold: its test scenes are not looked at. Dispose the model. */
export async function trainLine(fit: LineFit, data: LineData, backbone: Backbone): Promise<TrainedLine> {
  const seed = data.plan.repeat * 100 + data.fold;
  const trained = await (fit.transfer
    ? fitRegime({
        backbone,
        regime: { name: fit.regime, ...fit.transfer, plan: fit.plan },
        pooling: fit.transfer.pooling,
        classes: data.classes,
        training: await partOf(fit, data, "training"),
        validation: await partOf(fit, data, "validation"),
        seed,
      })
    : trainOnColours(fit, data, seed));
  const { stopped, ...rest } = trained;
  if (!stopped) return rest;
  rest.model.dispose();
  throw new UserError(`${stopped} A table takes no run that was cut short.`);
}

/** Looks once at the test scenes of a fold. */
export async function testLine(
  fit: LineFit,
  { model, best }: TrainedLine,
  data: LineData,
  backbone: Backbone,
): Promise<LineResult> {
  const cells = await partOf(fit, data, "cells");
  const silhouettes = await partOf(fit, data, "silhouettes");
  const evaluation = await evaluate(model, cells);
  const shapes = await evaluate(model, silhouettes);
  const right = (predictions: Int32Array, labels: Int32Array) =>
    Array.from(predictions, (predicted, i) => Number(predicted === labels[i]));
  const look = async (pooledAt: string) => {
    const masks = await data.masks("cells", findCut(backbone, pooledAt));
    return lookOf(evaluation.weights, masks, cells.labels.length);
  };
  const trained = [...model.headVariables, ...model.stageVariables];
  return {
    bestEpoch: best.epoch,
    validationAccuracy: best.validationAccuracy,
    trainedParameters: trained.reduce((sum, { size }) => sum + size, 0),
    cells: right(evaluation.predictions, cells.labels),
    silhouettes: right(shapes.predictions, silhouettes.labels),
    look: fit.transfer && (await look(fit.transfer.pooledAt)),
  };
}

function partOf({ transfer }: LineFit, data: LineData, part: FoldPart) {
  return transfer
    ? data.tokens(part, transfer.frozenUpTo, transfer.pooling === "given")
    : data.histograms(part);
}

async function trainOnColours(
  fit: LineFit,
  data: LineData,
  seed: number,
): Promise<Trained & { model: TransferModel }> {
  const training = await data.histograms("training");
  const stream = randomStream(seed, "fit/colour histogram");
  const { channels } = training.tokens;
  const model = new TransferModel({ pooling: "mean", channels, classes: data.classes.length, stream });
  const fitted = await train({
    model,
    training,
    validation: await data.histograms("validation"),
    plan: fit.plan,
    stream: stream.child("order"),
  });
  return { model, ...fitted };
}

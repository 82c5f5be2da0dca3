import type * as tf from "@tensorflow/tfjs";
import { holds, type Same } from "../attention/same-types.fixture";
import type { Backbone, InputBackbone, TrainableStage } from "../backbones/backbone";
import type { AnyGrid, FreeGrid } from "../backbones/grid";
import { continueTokens } from "./continue-tokens";
import { extractTokens, type ImageSource } from "./extract";
import { fitRegime } from "./fit-regime";
import type { InputSource } from "./input-source";
import type { LabelledTokens } from "./labelled-tokens";
import type { TransferModel } from "./model";
import { lastStage } from "./regimes";
import { gatherGrids, type TokenSet } from "./tokens";

// The compiler proves this file; it is never run. A line below `@ts-expect-error` must be an error.

declare const stage: TrainableStage;
declare const images: ImageSource;
declare const words: InputBackbone<string[]>;
declare const sentences: InputSource<string[]>;
declare const model: TransferModel;
declare const volume: tf.Tensor5D;

const cut = { name: "c", stride: 1, rows: 1, columns: 1, channels: 2 };
const backbone: Backbone = {
  name: "b",
  inputSize: 1,
  digest: "d",
  cutPoints: [cut],
  preprocess: (x) => x,
  run: (x) => x,
  trainableStage: () => stage,
  dispose() {},
};
const data = Float32Array.of(1, 0);
const labels = Int32Array.of(0);

export async function imagesLoseNothing(): Promise<void> {
  const tokens: TokenSet = { data, count: 1, rows: 1, columns: 1, channels: 2 };
  const set: LabelledTokens = { tokens, labels };
  const grids = gatherGrids(tokens, [0]);
  holds<Same<typeof grids, tf.Tensor4D>>();
  const extracted = await extractTokens(backbone, "c", images);
  holds<Same<typeof extracted, TokenSet>>();
  const continued = await continueTokens(backbone, tokens, "c", "c");
  holds<Same<typeof continued, TokenSet>>();
  const features = model.runStage(grids);
  holds<Same<typeof features, tf.Tensor4D>>();
  await fitRegime({
    backbone,
    regime: lastStage,
    pooling: "mean",
    classes: 2,
    training: set,
    validation: set,
    seed: 1,
  });
  // @ts-expect-error a backbone for words takes no images
  await extractTokens(words, "c", images);
}

export async function anythingElseIsTypedAsWell(): Promise<void> {
  const tokens = { data, count: 1, grid: [1], channels: 2, lengths: Int32Array.of(1) };
  const set: LabelledTokens<FreeGrid> = { tokens, labels };
  const grids = gatherGrids(tokens, [0]);
  holds<Same<typeof grids, tf.Tensor>>();
  const extracted = await extractTokens(words, "c", sentences);
  holds<Same<typeof extracted, TokenSet<FreeGrid>>>();
  const continued = await continueTokens(words, extracted, "c", "c");
  holds<Same<typeof continued, TokenSet<AnyGrid>>>();
  model.predict(volume);
  await fitRegime({
    backbone: words,
    regime: lastStage,
    pooling: "attention",
    classes: ["one", "two"],
    training: set,
    validation: set,
    seed: 1,
  });
  // @ts-expect-error a grid is rows and columns, or a list of sizes
  gatherGrids({ data, count: 1, channels: 2 }, [0]);
}

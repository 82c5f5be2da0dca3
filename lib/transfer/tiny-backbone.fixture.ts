import type { Backbone } from "../backbones/backbone";
import type { LabelledTokens } from "./labelled-tokens";

/** A backbone that gives back what it is given: two channels at one position. */
export const tinyBackbone: Backbone = {
  name: "tiny",
  inputSize: 1,
  digest: "tiny",
  cutPoints: [{ name: "only", stride: 1, rows: 1, columns: 1, channels: 2 }],
  preprocess: (pixels) => pixels,
  run: (x) => x.clone(),
  trainableStage() {
    throw new Error("there is nothing to train in it");
  },
  dispose() {},
};

/** Two numbers for each item, and the items' classes. */
export function tinySet(values: readonly number[], labels: readonly number[]): LabelledTokens {
  const tokens = { data: Float32Array.from(values), count: labels.length, rows: 1, columns: 1, channels: 2 };
  return { tokens, labels: Int32Array.from(labels) };
}

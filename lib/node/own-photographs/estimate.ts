import { extractTokens } from "../../transfer/extract";
import { fitRegime } from "../../transfer/fit-regime";
import type { LabelledTokens } from "../../transfer/labelled-tokens";
import type { LabelledPhotographs } from "./labelled-folder";
import { rateFactors, type TransferLine } from "./lines";
import { photographSource } from "./photograph-source";
import { type OwnTransferOptions, type PreparedTransfer, partOf, prepareTransfer } from "./prepare";

/** A batch to measure with. */
const sample = 32;

/**
 * Says what a transfer would do, and how long it would take on this machine: a batch of photographs is run through the network
 * and trained on for a few steps, by the clock. Nothing is kept.
 * @returns seconds are those of extraction and training, without the look at the photographs that this takes itself
 */
export async function estimateTransfer(
  photographs: LabelledPhotographs,
  options: Omit<OwnTransferOptions, "folder">,
): Promise<{ prepared: PreparedTransfer; seconds: number }> {
  const prepared = await prepareTransfer(photographs, options);
  const { backbone, set, lines, seeds } = prepared;
  const some = set.photographs.slice(0, sample);
  const source = photographSource(some, backbone.inputSize);
  const count = partOf(set, "training").length;
  let seconds = 0;
  for (const cut of new Set(lines.map(({ regime }) => regime.frozenUpTo))) {
    const started = performance.now();
    const tokens = await extractTokens(backbone, cut, source);
    seconds += ((performance.now() - started) / 1000 / some.length) * set.photographs.length;
    const batch = { tokens, labels: Int32Array.from(some, ({ label }) => label) };
    for (const line of lines.filter(({ regime }) => regime.frozenUpTo === cut)) {
      const { first, epoch } = await timeOf(prepared, line, batch);
      const { epochs, batchSize } = line.regime.plan;
      // A step is one way forward and two back; looking at a photograph for validation is one forward.
      const steps = Math.ceil(count / Math.min(batchSize, some.length));
      const looks = partOf(set, "validation").length / some.length;
      const whole = first + (epochs - 1) * epoch * (0.75 * steps + 0.25 * looks);
      seconds += whole * rateFactors.length * seeds.length;
    }
  }
  return { prepared, seconds };
}

/** Seconds of the first epoch on a batch, with all that comes before it, and of another. */
async function timeOf(
  { backbone, set }: PreparedTransfer,
  { regime, pooling }: TransferLine,
  batch: LabelledTokens,
): Promise<{ first: number; epoch: number }> {
  const ends: number[] = [];
  const started = performance.now();
  const { model } = await fitRegime({
    backbone,
    regime: { ...regime, plan: { ...regime.plan, epochs: 3 } },
    pooling,
    classes: set.classes,
    training: batch,
    validation: batch,
    seed: 0,
    onEpoch: () => void ends.push(performance.now()),
  });
  model.dispose();
  return { first: (ends[0]! - started) / 1000, epoch: (ends[2]! - ends[0]!) / 2000 };
}

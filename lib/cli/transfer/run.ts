import * as path from "node:path";
import { writeTransferReport } from "../../display/reports/transfer-report";
import { writeAtomically } from "../../node/files";
import { savePhotographModel } from "../../node/own-photographs/photograph-model-files";
import type { PhotographTransfer, TransferredLine } from "../../node/own-photographs/transfer";

/** Writes everything that a transfer leaves: report, models, settings. */
export async function writeResults(result: PhotographTransfer, out: string, name: string): Promise<void> {
  await savePhotographModel(result.model, out);
  for (const line of result.lines)
    await savePhotographModel(line.model, path.join(out, "models", folderNameOf(line)));
  await writeAtomically(path.join(out, "settings.json"), `${JSON.stringify(settingsOf(result), null, 2)}\n`);
  await writeTransferReport(result, out, name);
}

/** "probe-hidden-mean" */
const folderNameOf = ({ line }: TransferredLine) => line.name.replaceAll(/[^a-z0-9]+/gi, "-");

/** Everything that was decided, and what came of it, for other programs. */
function settingsOf({ prepared, lines, chosen, comparisons, tested }: PhotographTransfer) {
  const { backbone, set, seed, seeds, config } = prepared;
  const named = (file: string) => path.relative(set.folder, file).replaceAll(path.sep, "/");
  return {
    backbone: { name: backbone.name, digest: backbone.digest, inputSize: backbone.inputSize },
    classes: set.classes,
    seed,
    seeds,
    config,
    kept: chosen.line.name,
    lines: lines.map(
      ({ line, factor, accuracy, validationAccuracy, trials, calibration, model, refused }) => ({
        ...line,
        stepSizeFactor: factor,
        accuracy,
        validationAccuracy,
        trials: trials.map(({ factor: tried, seed: from, best }) => ({ factor: tried, seed: from, best })),
        temperature: model.rules.temperature,
        calibration,
        unlike: { ...model.rules.unlike, refusedInTest: refused },
      }),
    ),
    comparisons,
    photographs: set.photographs.map(({ file, label, part, digest }) => ({
      file: named(file),
      class: set.classes[label],
      part,
      digest,
    })),
    answers: tested.map(({ file }, i) => ({
      file: named(file),
      answer: set.classes[chosen.given[i]!],
      probabilities: Array.from(
        chosen.probabilities.subarray(i * set.classes.length, (i + 1) * set.classes.length),
        (value) => Number(value.toFixed(4)),
      ),
    })),
    damaged: set.damaged.map(({ file, why }) => ({ file: named(file), why })),
    nearDuplicates: set.nearDuplicates.map((pair) => pair.map(named)),
  };
}

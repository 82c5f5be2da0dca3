import type { Backbone } from "../../backbones/backbone";
import {
  type BootstrapComparison,
  type BootstrapInterval,
  bootstrapAccuracy,
  bootstrapComparison,
} from "../../statistics/bootstrap";
import type { LabelledSet } from "../../transfer/labelled-tokens";
import { featuresOf } from "./features";
import { type AnsweredLine, answerTest, readRules } from "./judge";
import type { LabelledPhotographs } from "./labelled-folder";
import type { PhotographModel } from "./photograph-model";
import {
  type OwnTransferOptions,
  type PreparedTransfer,
  partOf,
  prepareTransfer,
  recordsFolder,
  stepOf,
} from "./prepare";
import { Records } from "./records";
import type { DealtPhotograph } from "./split";
import { fitLine, type TrialContext } from "./trials";

/** A line of the report: what was trained, and how it did on the test photographs. */
export interface TransferredLine extends AnsweredLine {
  /** Accuracy on the test photographs, over seeds, with an interval over photographs. */
  accuracy: BootstrapInterval;
  /** Mean validation accuracy over seeds, by which step size and epoch were chosen. */
  validationAccuracy: number;
}

/** Two lines on the same test photographs. */
export interface LinesCompared extends BootstrapComparison {
  first: string;
  second: string;
}

/** What came of a transfer to one's own photographs. */
export interface PhotographTransfer {
  /** Answers for new photographs: of the lines that have a map, the best by validation. */
  model: PhotographModel;
  /** The line that `model` is of. */
  chosen: TransferredLine;
  /** One a regime and pooling, with a model each. */
  lines: TransferredLine[];
  /** Attention against the others of its regime, or the first pooling where attention is not among them. */
  comparisons: LinesCompared[];
  /** The photographs that were tested, in the order of all answers. */
  tested: readonly DealtPhotograph[];
  prepared: PreparedTransfer;
  /** Frees the models of all lines. The backbone stays. */
  dispose(): void;
}

/**
 * Transfers a pretrained backbone to one's own photographs and measures what it is worth: the photographs are dealt into
 * training, validation and test, near-duplicates on one side; every line is trained; step sizes and epochs are chosen on
 * validation photographs; and the test photographs are looked at once, at the end.
 *
 * ```ts
 * const { model, lines } = await transfer(labelledFolder("photographs"));
 * const { label, probability, noneOfThese } = await model.predict("another.jpg");
 * ```
 * @throws UserError for photographs that can't be used, naming the first, and for too few of them
 */
export async function transfer(
  photographs: LabelledPhotographs,
  options: OwnTransferOptions = {},
): Promise<PhotographTransfer> {
  const prepared = await prepareTransfer(photographs, options);
  const { backbone, set, lines, seeds, config } = prepared;
  const records = new Records(recordsFolder(options.folder));
  const context: TrialContext = { backbone, classes: set.classes, records, config };
  const features = featureReader(backbone, prepared, options);
  const tested = partOf(set, "test");
  const weights = lines.map(
    ({ regime }) => regime.plan.epochs * (regime.pooledAt === regime.frozenUpTo ? 1 : 25),
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const onTraining = stepOf(options.onProgress, "training");
  onTraining(0, 1);
  const fitted = [];
  let done = 0;
  for (const [i, line] of lines.entries()) {
    const { frozenUpTo } = line.regime;
    const seen = {
      training: await features(frozenUpTo, "training"),
      validation: await features(frozenUpTo, "validation"),
    };
    const fit = await fitLine(context, line, seen, seeds, (share) =>
      onTraining((done + share * weights[i]!) / whole, 1),
    );
    done += weights[i]!;
    fitted.push({ ...fit, rules: await readRules(fit.models[0]!, seen) });
  }
  // All is chosen. Only now the test photographs are looked at.
  const answered: TransferredLine[] = [];
  const groups = tested.map(({ group }) => group);
  for (const fit of fitted) {
    const answers = await answerTest(backbone, fit, await features(fit.line.regime.frozenUpTo, "test"));
    const own = fit.trials.filter(({ factor }) => factor === fit.factor);
    answered.push({
      ...answers,
      accuracy: bootstrapAccuracy(answers.correct, { groups }),
      validationAccuracy: own.reduce((sum, { best }) => sum + best.validationAccuracy, 0) / own.length,
    });
  }
  const chosen = choose(answered);
  return {
    model: chosen.model,
    chosen,
    lines: answered,
    comparisons: compare(answered, groups),
    tested,
    prepared,
    dispose: () => {
      for (const { model } of answered) model.dispose();
    },
  };
}

/** Of the lines with a map the best by validation; the first of equals. */
function choose(lines: readonly TransferredLine[]): TransferredLine {
  const looking = lines.filter(({ hasMaps }) => hasMaps);
  const among = looking.length > 0 ? looking : lines;
  return among.reduce((best, line) => (line.validationAccuracy > best.validationAccuracy ? line : best));
}

function compare(lines: readonly TransferredLine[], groups: readonly number[]): LinesCompared[] {
  const pairs = [...new Set(lines.map(({ line }) => line.regime.name))].flatMap((regime) => {
    const own = lines.filter(({ line }) => line.regime.name === regime);
    const first = own.find(({ line }) => line.pooling === "attention") ?? own[0]!;
    return own.filter((other) => other !== first).map((second) => [first, second] as const);
  });
  return pairs.map(([first, second]) => ({
    first: first.line.name,
    second: second.line.name,
    ...bootstrapComparison(first.correct, second.correct, { groups, comparisons: pairs.length }),
  }));
}

/** Reads features of a part when they are first asked for; those of one cut point at a time are kept. */
function featureReader(
  backbone: Backbone,
  { set }: PreparedTransfer,
  { half = false, onProgress }: OwnTransferOptions,
) {
  const kept = new Map<string, LabelledSet>();
  return async (cut: string, part: "training" | "validation" | "test"): Promise<LabelledSet> => {
    const key = `${cut} ${part}`;
    const found = kept.get(key);
    if (found) return found;
    for (const other of kept.keys()) if (!other.startsWith(`${cut} `)) kept.delete(other);
    const read = await featuresOf(backbone, cut, partOf(set, part), {
      half,
      onProgress: stepOf(onProgress, `features of ${part}`),
    });
    kept.set(key, read);
    return read;
  };
}

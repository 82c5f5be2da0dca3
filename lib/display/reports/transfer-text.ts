import * as path from "node:path";
import type { Calibration } from "../../node/own-photographs/judge";
import type { LinesCompared, PhotographTransfer, TransferredLine } from "../../node/own-photographs/transfer";
import type { Block } from "./document";

const percent = (share: number, digits = 1) => `${(share * 100).toFixed(digits)} %`;
const points = (share: number) =>
  `${share < 0 ? "−" : share > 0 ? "+" : ""}${Math.abs(share * 100).toFixed(1)}`;
/** A photograph as it is named below its folder. */
const named = (folder: string, file: string) => path.relative(folder, file);
const many = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;

/** What was done, in a paragraph. */
export function summaryBlocks({ prepared, tested, chosen }: PhotographTransfer, folder: string): Block[] {
  const { set, seeds, seed, backbone } = prepared;
  const count = (part: string) => set.photographs.filter((one) => one.part === part).length;
  const { accuracy, line } = chosen;
  return [
    { kind: "heading", level: 1, text: `Transfer to ${folder}` },
    {
      kind: "text",
      text:
        `A pretrained ${backbone.name} was transferred to ${set.classes.length} classes (${set.classes.join(", ")}) with ` +
        `${many(count("training"), "photograph")}; ${count("validation")} served to choose step size and epoch, and ${tested.length} were looked at once, ` +
        `at the end. The model that is kept, "${line.name}", is right for ${percent(accuracy.mean)} of the test photographs; for other photographs ` +
        `like these, expect between ${percent(accuracy.lower)} and ${percent(accuracy.upper)} (95 % interval).`,
    },
    {
      kind: "list",
      items: [
        set.dealt.length === 0
          ? "Training, validation and test are as the folder has them."
          : `${set.dealt.length === 1 ? "Training and test are as the folder has them; validation was" : "Validation and test were"} dealt by seed ${seed}, ` +
            "class by class, with what shows the same photograph on one side.",
        set.nearDuplicates.length === 0
          ? "No two show the same photograph."
          : `${many(set.nearDuplicates.length, "pair")} ${set.nearDuplicates.length === 1 ? "shows" : "show"} one photograph, such as ` +
            `${set.nearDuplicates[0]!.map((file) => named(set.folder, file)).join(" and ")}.`,
        ...(set.damaged.length > 0
          ? [
              `${many(set.damaged.length, "photograph")} could not be used and ${set.damaged.length === 1 ? "was" : "were"} left out: ${set.damaged
                .slice(0, 5)
                .map(({ why }) => why)
                .join(" ")}`,
            ]
          : []),
        ...set.notes,
        ...(seeds.length > 1
          ? [
              `Every line was trained ${seeds.length} times, from seeds ${seeds.join(", ")}; an answer counts by the share of seeds that were right.`,
            ]
          : []),
        ...(tested.length < 100
          ? [`${tested.length} test photographs are few: only large differences can be seen.`]
          : []),
      ],
    },
  ];
}

/** Every line with its accuracy, and attention against the others. */
export function linesBlocks({ lines, comparisons, chosen }: PhotographTransfer): Block[] {
  const row = ({ line, accuracy, validationAccuracy, factor, trials }: TransferredLine) => {
    const best = trials.find((trial) => trial.factor === factor)!.best.epoch;
    return [
      line.name + (line === chosen.line ? " (kept)" : ""),
      percent(accuracy.mean),
      `${percent(accuracy.lower)} … ${percent(accuracy.upper)}`,
      percent(validationAccuracy),
      `× ${Number(factor.toPrecision(2))}, epoch ${best} of ${line.regime.plan.epochs}`,
    ];
  };
  return [
    { kind: "heading", level: 2, text: "What each way of training reaches" },
    {
      kind: "table",
      header: ["line", "test accuracy", "95 % interval", "validation", "chosen step size and epoch"],
      rows: lines.map(row),
    },
    {
      kind: "text",
      text:
        "Intervals are over photographs, by bootstrap: they say what other photographs of these classes would give, not what another " +
        "split or other training photographs would. The step size is the best of three by validation.",
    },
    ...(comparisons.length > 0 ? comparisonBlocks(comparisons) : []),
  ];
}

function comparisonBlocks(comparisons: readonly LinesCompared[]): Block[] {
  const verdict = ({ first, second, mean, detected, smallestDetectable }: LinesCompared) => {
    if (smallestDetectable === undefined) return "the same answers: nothing can be told";
    if (!detected) return "no detectable difference";
    return `${mean > 0 ? first : second} is better`;
  };
  return [
    { kind: "heading", level: 2, text: "What the pooling is worth" },
    {
      kind: "table",
      header: [
        "difference on the same photographs",
        "points",
        "95 % interval",
        "smallest detectable",
        "verdict",
      ],
      rows: comparisons.map((one) => [
        `${one.first} − ${one.second}`,
        points(one.mean),
        `${points(one.lower)} … ${points(one.upper)}`,
        one.smallestDetectable === undefined ? "–" : (one.smallestDetectable * 100).toFixed(1),
        verdict(one),
      ]),
    },
    {
      kind: "text",
      text:
        "Both lines answer for the same photographs, and the intervals hold together. The smallest detectable difference is the true one " +
        "that so many photographs would show in four cases of five: where it is large, “no detectable difference” says little. " +
        "The hidden layer (hidden mean) has as many parameters as attention and can't choose among positions.",
    },
  ];
}

/** The kept line class by class. */
export function classBlocks({ chosen, tested, prepared }: PhotographTransfer): Block[] {
  const rows = prepared.set.classes.map((name, label) => {
    const own = tested.flatMap((one, i) => (one.label === label ? [i] : []));
    const right = own.filter((i) => chosen.given[i] === label).length;
    const given = chosen.given.filter((answer) => answer === label).length;
    const share = (part: number, whole: number) => (whole === 0 ? "–" : percent(part / whole, 0));
    return [
      name,
      String(own.length),
      `${right} (${share(right, own.length)})`,
      `${given} (${share(right, given)})`,
    ];
  });
  return [
    { kind: "heading", level: 2, text: `Class by class: ${chosen.line.name}` },
    {
      kind: "table",
      header: ["class", "test photographs", "of these recognised", "times this answer was given (right)"],
      rows,
    },
  ];
}

/** Probabilities and the rule for "none of these". */
export function answerBlocks({ chosen, tested }: PhotographTransfer): Block[] {
  const { temperature, unlike } = chosen.model.rules;
  const { validation, test } = chosen.calibration;
  const error = ({ before, after }: Calibration) => `${percent(before)} before and ${percent(after)} after`;
  return [
    { kind: "heading", level: 2, text: "Can its probabilities be believed?" },
    {
      kind: "text",
      text:
        `Scores are divided by a temperature of ${temperature.toFixed(2)}, chosen on the ${unlike.photographs} validation photographs. The expected ` +
        `calibration error (how far probability and share of right answers lie apart, in ten bins) is ${error(validation)} on these, and ` +
        `${error(test)} on the test photographs. With few photographs it is above zero even for a perfect model.`,
    },
    { kind: "heading", level: 2, text: "“None of these”" },
    {
      kind: "text",
      text:
        "A photograph is refused where its features lie farther from every training photograph than a threshold " +
        `(1 − cosine above ${unlike.threshold.toFixed(3)}). It is set by the validation photographs so that of photographs like these ${percent(unlike.falseAlarms)} are ` +
        `refused wrongly${unlike.photographs < 19 ? `, the least that ${unlike.photographs} photographs allow` : ""}; of the test photographs it refused ${chosen.refused} of ${tested.length}. ` +
        "How many photographs of other things it lets pass was not measured here: that depends on what they show.",
    },
  ];
}

import { dealFolds } from "../../datasets/folds";
import { nearDuplicates } from "../../images/near-duplicates";
import { UserError } from "../../runtime/user-error";
import type { LabelledPhotographs, Part } from "./labelled-folder";
import type { DamagedPhotograph, SurveyedPhotograph } from "./survey";

/** A photograph that takes part, with what it is there for. */
export interface DealtPhotograph extends SurveyedPhotograph {
  file: string;
  label: number;
  part: Part;
  /** The same for photographs that show the same. */
  group: number;
}

/** One's own photographs, dealt. */
export interface DealtSet {
  /** Where the photographs lie. */
  folder: string;
  classes: readonly string[];
  /** The parts that were dealt by chance; the others are as the folder has them. */
  dealt: readonly Part[];
  photographs: readonly DealtPhotograph[];
  damaged: readonly DamagedPhotograph[];
  /** Pairs that show the same photograph, each named after the first of its group. */
  nearDuplicates: readonly (readonly [first: string, other: string])[];
  /** What a reader of a report has to know about the split, one sentence each. */
  notes: readonly string[];
}

/** One part in five is for testing, one for choosing; classes with few photographs are dealt into fewer parts. */
const folds = 5;
const leastPerClass = 3;

/**
 * Deals photographs into training, validation and test, class by class, so that each class is spread in proportion and those
 * that show the same photograph stay together. Parts that the folder gives are kept; a validation part that it does not give
 * is taken from its training part.
 * @param surveyed as `surveyPhotographs` found them, in the order of the set
 * @throws UserError for a class with too few photographs that differ
 */
export function dealPhotographs(
  set: LabelledPhotographs,
  surveyed: readonly (SurveyedPhotograph | undefined)[],
  damaged: readonly DamagedPhotograph[],
  seed: number,
): DealtSet {
  const present = set.photographs.flatMap((photograph, i) =>
    surveyed[i] ? [{ ...photograph, ...surveyed[i] }] : [],
  );
  const groups = nearDuplicates(present.map(({ hashes }) => hashes));
  const given = present.map(({ part }) => part);
  const parts: Part[] = given.map((part) => part ?? "training");
  const open = ["training", "validation", "test"] as const;
  const missing = open.filter((part) => part !== "training" && !given.includes(part));
  for (const [label, className] of set.classes.entries()) {
    const places = present.flatMap(({ label: own }, i) =>
      own === label && parts[i] === "training" ? [i] : [],
    );
    const different = new Set(places.map((i) => groups[i])).size;
    requireEnough(className, places.length, different, missing.length + 1);
    if (missing.length === 0) continue;
    const items = places.map((i) => ({ className, group: String(groups[i]) }));
    const [dealt] = dealFolds(items, { folds: Math.min(folds, different), seed });
    places.forEach((place, i) => {
      const part = missing[dealt![i]!];
      if (part) parts[place] = part;
    });
  }
  // Those that show the same photograph under two names go where the first of them is.
  if (missing.length > 0)
    groups.forEach((first, i) => {
      if (given[i] === undefined && given[first] === undefined) parts[i] = parts[first]!;
    });
  const photographs = present.map((photograph, i) => ({ ...photograph, part: parts[i]!, group: groups[i]! }));
  return {
    folder: set.folder,
    classes: set.classes,
    dealt: missing,
    photographs,
    damaged,
    nearDuplicates: photographs.flatMap(({ file, group }, i) =>
      group === i ? [] : [[photographs[group]!.file, file] as const],
    ),
    notes: [...(set.notes ?? []), ...notesOn(photographs, set.classes)],
  };
}

function requireEnough(className: string, count: number, different: number, parts: number): void {
  const least = parts === 1 ? 1 : Math.max(parts, parts === 3 ? leastPerClass : 2);
  if (different >= least) return;
  const are = `The class ${className} has ${count} photograph${count === 1 ? "" : "s"}`;
  const but =
    different < count ? `, of which ${different} differ${different === 1 ? "s" : ""} from the others` : "";
  const why =
    parts === 3
      ? "at least 3 are needed, one each to train on, to choose by and to test with; for a result that says something, 30 or more"
      : `at least ${least} to train on and to choose by`;
  throw new UserError(`${are}${but}: ${why}. Add some, or leave the class out.`);
}

function notesOn(photographs: readonly DealtPhotograph[], classes: readonly string[]): string[] {
  const notes: string[] = [];
  for (const [label, className] of classes.entries()) {
    const lacking = (["validation", "test"] as const).filter(
      (part) => !photographs.some((one) => one.label === label && one.part === part),
    );
    if (lacking.length > 0)
      notes.push(`The class ${className} has no photograph for ${lacking.join(" and ")}.`);
  }
  const across = photographs.filter(({ group, part }) => photographs[group]!.part !== part);
  if (across.length > 0) {
    const [one] = across;
    notes.push(
      `${across.length} photographs show the same as one of another part, such as ${one!.file} and ${photographs[one!.group]!.file}: ` +
        "what is measured on them is too good.",
    );
  }
  const labels = photographs.filter(({ group, label }) => photographs[group]!.label !== label);
  if (labels.length > 0) {
    const [one] = labels;
    notes.push(
      `${labels.length} photographs show the same as one of another class, such as ${one!.file} and ${photographs[one!.group]!.file}.`,
    );
  }
  return notes;
}

import * as fs from "node:fs";
import * as path from "node:path";
import { formatCsv, parseCsv } from "../../datasets/csv";
import type { SceneDescription } from "../../datasets/scenes/description";
import { dataFolder } from "../../node/files";
import { UserError } from "../../runtime/user-error";
import type { RepeatPlan } from "./repeat-plan";
import { CELLS } from "./repeat-plan";

const COLUMNS = ["repeat", "fold", "thing", "class", "group", "background", "distractors"] as const;

/** A target where a repeat tests it, with what was drawn for its scenes. */
export interface TestedThing {
  repeat: number;
  fold: number;
  /** File of the target. */
  thing: string;
  className: string;
  group: string;
  /** File of the background of all its scenes in the cells. */
  background: string;
  /** Files of the distractors, in the order in which they join: a cell with n of them has the first n. */
  distractors: string[];
}

/** The committed list of what was tested when, and among what: with the answers, all that intervals need. */
export function testedThingsFile(): string {
  return path.join(dataFolder(), "reference", "answers", "things.csv");
}

/** What a repeat tests, fold by fold, in the order in which answers stand. */
export function testedThings({ repeat, groups, scenes }: RepeatPlan): TestedThing[] {
  return groups.flatMap(({ number, targets }) =>
    targets.map(({ file, className, group }, place) => {
      const own = scenes.cells[number]!.slice(place * CELLS.length, (place + 1) * CELLS.length);
      const { background, distractors } = own.at(-1)!;
      const among = distractors.map(nameOf);
      for (const scene of own) requireSame(scene, file, background.file, among);
      return {
        repeat,
        fold: number,
        thing: file,
        className,
        group,
        background: background.file,
        distractors: among,
      };
    }),
  );
}

/** Of a distractor that is a silhouette, its shape was drawn: another thing than the same in its own colours. */
const nameOf = ({ file, clutter }: { file: string; clutter?: unknown }) =>
  clutter ? `shape of ${file}` : file;

/** The table says what is drawn once for all cells of a target; that must be so. */
function requireSame(
  scene: SceneDescription,
  file: string,
  background: string,
  among: readonly string[],
): void {
  const names = scene.distractors.map(nameOf);
  const same = scene.background.file === background && names.every((name, i) => name === among[i]);
  if (!same) throw new Error(`The cells of ${file} differ in more than size and number of distractors.`);
}

/** As CSV. */
export function testedThingsCsv(things: readonly TestedThing[]): string {
  const rows = things.map(({ className, distractors, ...rest }) => ({
    ...rest,
    class: className,
    distractors: distractors.join("; "),
  }));
  return formatCsv(COLUMNS, rows);
}

/** @throws UserError where the file is missing or broken */
export function readTestedThings(file = testedThingsFile()): TestedThing[] {
  if (!fs.existsSync(file)) throw new UserError(`${file} is missing. Run \`npm run reproduce\` to make it.`);
  return parseCsv(fs.readFileSync(file, "utf8"), file, COLUMNS).map(
    ({ repeat, fold, class: className, distractors, ...rest }) => ({
      ...rest,
      repeat: Number(repeat),
      fold: Number(fold),
      className,
      distractors: distractors.split("; "),
    }),
  );
}

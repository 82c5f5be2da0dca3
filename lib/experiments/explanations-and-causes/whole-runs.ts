import { UserError } from "../../runtime/user-error";
import type { Row } from "../experiment";
import { COMPARED_MODEL } from "./grid";
import { FACTS, MEASURES, type MeasureColumn } from "./measures";
import { type LineMethod, MODELS, methodsOf, modelName, SCENES, SEEDS } from "./plan";

/** What is known of one model: the scenes that are there as a whole, in the order of seeds and scenes. */
export interface ModelRows {
  model: string;
  methods: readonly LineMethod[];
  scenes: SceneRow[];
}

/** One scene of a model. */
export interface SceneRow {
  seed: number;
  scene: number;
  /** The near-duplicates that the target belongs to. */
  thing: string;
  facts: Record<(typeof FACTS)[number], number>;
  /** NaN where a measure has no answer or was not asked. */
  scores: Record<string, Record<MeasureColumn, number>>;
}

const REMEDY = "Run `npm run reproduce -- --only explanations-and-causes` to make what is missing.";

/** Fewer than this many things say nothing about others. */
const FEWEST_THINGS = 8;

/**
 * Takes the scenes of which every method is there, and the models that have enough of them. Scenes come in the random order of the
 * plan and are explained in that order, so those that are there are no choice.
 * @throws UserError for a row of no line, one that is there twice, what can't be read, and too few scenes of the compared model
 */
export function wholeRuns(rows: readonly Row[]): ModelRows[] {
  const keyOf = (model: unknown, seed: unknown, scene: unknown, method: unknown) =>
    [model, seed, scene, method].join(" | ");
  const found = new Map<string, Row>();
  const known = new Map(MODELS.map((line) => [modelName(line), methodsOf(line).map(({ name }) => name)]));
  for (const row of rows) {
    const key = keyOf(row.model, row.seed, row.scene, row.method);
    const again = found.has(key);
    const isKnown = known.get(String(row.model))?.includes(row.method as LineMethod) === true;
    if (again || !isKnown) {
      throw new UserError(
        `The row "${key}" is ${again ? "there twice" : "of no line of the table"}. Bring the original file back.`,
      );
    }
    found.set(key, row);
  }
  const models = [...known].map(([model, methods]): ModelRows => {
    const scenes = SEEDS.flatMap((seed) =>
      Array.from({ length: SCENES }, (_, scene) => {
        const own = methods.map((method) => found.get(keyOf(model, seed, scene, method)));
        return own.every((row) => row !== undefined) ? [sceneRow(own as Row[])] : [];
      }).flat(),
    );
    return { model, methods, scenes };
  });
  const enough = models.filter(
    ({ scenes }) => new Set(scenes.map(({ thing }) => thing)).size >= FEWEST_THINGS,
  );
  if (enough.some(({ model }) => model === COMPARED_MODEL)) return enough;
  throw new UserError(`Of "${COMPARED_MODEL}" fewer than ${FEWEST_THINGS} things were explained. ${REMEDY}`);
}

function sceneRow(rows: readonly Row[]): SceneRow {
  const first = rows[0]!;
  const facts = FACTS.map((fact) => [fact, numberIn(first, fact, [-1e6, 1e6])] as const);
  const scores = rows.map((row) => {
    const values = MEASURES.map(({ column, range }) => {
      return [column, row[column] === "" ? Number.NaN : numberIn(row, column, range)] as const;
    });
    return [String(row.method), Object.fromEntries(values)] as const;
  });
  return {
    seed: Number(first.seed),
    scene: Number(first.scene),
    thing: String(first.thing),
    facts: Object.fromEntries(facts) as SceneRow["facts"],
    scores: Object.fromEntries(scores) as SceneRow["scores"],
  };
}

function numberIn(row: Row, column: string, [least, most]: readonly [number, number]): number {
  const value = row[column] === "" ? Number.NaN : Number(row[column]);
  // Four decimals may round a share to a little beyond its end.
  if (value >= least - 1e-4 && value <= most + 1e-4) return value;
  throw new UserError(
    `A field ${column} of "${row.model}, ${row.method}", seed ${row.seed}, scene ${row.scene}, can't be read. ${REMEDY}`,
  );
}

import type { SceneDescription } from "../../datasets/scenes/description";
import type { SceneGroup } from "../../datasets/scenes/groups";
import type { Row } from "../experiment";
import type { SceneResult } from "./explain-scene";
import type { SceneJob } from "./job";
import { FACTS, MEASURES } from "./measures";
import { modelName } from "./plan";

/** One row per model, seed, scene and method. */
export const COLUMNS = [
  "run",
  "model",
  "seed",
  "scene",
  "thing",
  "method",
  ...FACTS,
  ...MEASURES.map(({ column }) => column),
] as const;

/** Those of the columns that hold texts. */
export const NAMES = ["run", "model", "thing", "method"] as const;

/** The near-duplicates that a scene's target belongs to: what intervals are over. */
export function thingOf({ target, className }: SceneDescription, { targets }: SceneGroup): string {
  return `${className}/${targets.find(({ file }) => file === target.file)!.group}`;
}

/** The rows of a scene, a method each; what is known of the scene stands in the first. */
export function rowsOf(
  { name, line, seed, number }: Pick<SceneJob, "name" | "line" | "seed" | "number">,
  thing: string,
  { facts, lines }: SceneResult,
): Row[] {
  return lines.map(({ method, scores }, i) => ({
    run: name,
    model: modelName(line),
    seed,
    scene: number,
    thing,
    method,
    ...Object.fromEntries(FACTS.map((fact) => [fact, i === 0 ? short(facts[fact]) : ""])),
    ...Object.fromEntries(MEASURES.map(({ column }) => [column, short(scores[column])])),
  }));
}

/** Four decimals, no more than needed: there are thousands of rows. */
function short(value: number | null): string {
  return value === null ? "" : String(Number(value.toFixed(4)));
}

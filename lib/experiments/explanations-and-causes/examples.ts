import { renderScene } from "../../node/render-scene";
import type { ExamplePicture, ExampleSheet } from "../experiment";
import { findRecord } from "../run-record";
import type { SceneResult } from "./explain-scene";
import { COMPARED_MODEL } from "./grid";
import { METHODS, modelName, SEEDS } from "./plan";
import type { TableScenes } from "./run-table";

/** How many of the explained scenes are shown. */
const SHOWN = 4;

/** Rows and columns of the token grid. */
const SIDE = 7;

/**
 * The first explained scenes of the first repeat, a row each: the scene with its class, then the map of every method. They come in
 * the random order of the plan: nobody chose them.
 * @returns undefined where their records are not on this machine
 */
export async function examplePictures(scenes: TableScenes): Promise<ExampleSheet | undefined> {
  const rows: ExamplePicture[][] = [];
  for (const job of scenes.jobs) {
    const isShown = job.seed === SEEDS[0] && modelName(job.line) === COMPARED_MODEL && job.number < SHOWN;
    if (!isShown) continue;
    const record = findRecord<SceneResult>(job.config);
    if (!record) return undefined;
    const { facts, lines } = record.result;
    const {
      image,
      targetMask: mask,
      className,
    } = await renderScene(scenes.collection, scenes.descriptionOf(job));
    const verdict = facts.right === 1 ? "right" : "wrong";
    const maps = METHODS.filter((method) => "explain" in method).map(({ name }): ExamplePicture => {
      const values = lines.find(({ method }) => method === name)!.map;
      return { image, mask, caption: name, map: { values, rows: SIDE, columns: SIDE } };
    });
    rows.push([{ image, mask, caption: `${className.replaceAll("-", " ")}; ${verdict}` }, ...maps]);
  }
  return { rows, cellSize: 128 };
}

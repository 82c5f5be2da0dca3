import * as fs from "node:fs";
import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { renderScene, type Scene } from "../../node/render-scene";
import { loadTransferModel } from "../../node/transfer-model-file";
import { evaluate } from "../../transfer/evaluate";
import { extractTokens } from "../../transfer/extract";
import type { ExamplePicture, ExampleSheet, Row } from "../experiment";
import { CELLS, planRepeat } from "../scene-tables/repeat-plan";
import { REGIMES } from "../scene-tables/tables";
import { modelFile } from "../scene-tables/worker";

/** How many scenes are shown, of targets of the first fold at even steps: they stand in the order of their classes. */
const SHOWN = 6;

/** The cell that they are of. */
const CELL = CELLS.findIndex(({ size, distractors }) => size === 64 && distractors === 3);

/**
 * Scenes of the first fold, bare in the first row, and below them where the attention of each regime looked.
 * @returns undefined where a model of the runs is not on this machine
 */
export async function exampleScenes(rows: readonly Row[]): Promise<ExampleSheet | undefined> {
  const runs = REGIMES.map((regime) =>
    rows.find(
      (row) =>
        row.regime === regime &&
        row.pooling === "attention" &&
        Number(row.repeat) === 0 &&
        Number(row.fold) === 0,
    ),
  );
  const files = runs.map((run) => modelFile(String(run?.run)));
  if (!files.every((file) => fs.existsSync(file))) return undefined;
  const collection = await loadSceneCollection();
  const plans = planRepeat(collection, 0).scenes.cells[0]!;
  const scenes: Scene[] = [];
  const step = Math.floor(plans.length / CELLS.length / SHOWN);
  for (let shown = 0; shown < SHOWN; shown++)
    scenes.push(await renderScene(collection, plans[shown * step * CELLS.length + CELL]!));
  const bare = scenes.map(
    ({ image, targetMask, className }): ExamplePicture => ({
      image,
      mask: targetMask,
      caption: spaced(className),
    }),
  );
  const backbone = await loadEfficientNetLite0();
  const looked: ExamplePicture[][] = [];
  for (const [place, file] of files.entries()) {
    const model = await loadTransferModel(file, backbone);
    const { frozenUpTo } = model.origin!.regime;
    const source = { count: SHOWN, digest: "", load: async (i: number) => scenes[i]!.image };
    const tokens = await extractTokens(backbone, frozenUpTo, source);
    const labels = Int32Array.from(scenes, ({ label }) => label);
    const { predictions, weights } = await evaluate(model, { tokens, labels });
    model.dispose();
    const positions = weights.length / SHOWN;
    const side = Math.sqrt(positions);
    looked.push(
      scenes.map(({ image, targetMask, label }, i): ExamplePicture => {
        const predicted = collection.classes[predictions[i]!]!;
        const verdict = predictions[i] === label ? "right" : `wrong: ${spaced(predicted)}`;
        const values = Array.from(weights.subarray(i * positions, (i + 1) * positions));
        return {
          image,
          mask: targetMask,
          caption: `${REGIMES[place]}, ${verdict}`,
          map: { values, rows: side, columns: side },
        };
      }),
    );
  }
  backbone.dispose();
  return { rows: [bare, ...looked], cellSize: 168 };
}

function spaced(className: string): string {
  return className.replaceAll("-", " ");
}

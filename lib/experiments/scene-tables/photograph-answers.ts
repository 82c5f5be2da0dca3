import * as fs from "node:fs";
import type { Backbone } from "../../backbones/backbone";
import { findCut } from "../../backbones/find-cut";
import { loadEfficientNetLite0 } from "../../node/load-efficientnet-lite0";
import { loadPhotographsInContext, type PhotographCollection } from "../../node/load-photographs-in-context";
import { loadSceneCollection } from "../../node/load-scene-collection";
import { loadTransferModel } from "../../node/transfer-model-file";
import type { OnProgress } from "../../runtime/progress";
import { evaluate } from "../../transfer/evaluate";
import { extractTokens } from "../../transfer/extract";
import type { TokenSet } from "../../transfer/tokens";
import type { Row } from "../experiment";
import { TRUE_MASK } from "./line";
import { modelFile } from "./worker";

/** The columns of what a run answers for photographs, which only tests see. */
export const PHOTOGRAPH_COLUMNS = ["run", "regime", "pooling", "repeat", "fold", "right", "pointed"] as const;

/**
 * Lets the models of a table's runs, as they were kept in the cache, answer for photographs of things where they were found.
 * Nothing is trained, and nothing was chosen by them: scenes and step sizes are older than the first look.
 *
 * @param runs rows of the runs; those of the true mask and the colours have no answer for photographs
 * @param known rows of before, taken where their run is the same
 * @returns rows of the runs whose model is there, or that were answered for before
 */
export async function photographAnswers(
  runs: readonly Row[],
  known: readonly Row[],
  onProgress: OnProgress,
): Promise<Row[]> {
  const byRun = new Map(known.map((row) => [String(row.run), row]));
  const asked = runs.filter(({ run, pooling }) => {
    const name = String(run);
    return byRun.has(name) || (pooling !== TRUE_MASK && fs.existsSync(modelFile(name)));
  });
  const open = asked.filter(({ run }) => !byRun.has(String(run)));
  if (open.length === 0) return asked.map(({ run }) => byRun.get(String(run))!);
  const backbone = await loadEfficientNetLite0();
  const exam = new Exam(backbone, await loadPhotographsInContext(), (await loadSceneCollection()).classes);
  for (const [done, { run, regime, pooling, repeat, fold }] of open.entries()) {
    const answers = await exam.answers(modelFile(String(run)));
    byRun.set(String(run), {
      run: String(run),
      regime: regime!,
      pooling: pooling!,
      repeat: repeat!,
      fold: fold!,
      ...answers,
    });
    onProgress(done + 1, open.length);
  }
  backbone.dispose();
  return asked.map(({ run }) => byRun.get(String(run))!);
}

/** The photographs as every model gets them; their features are made once. */
class Exam {
  private readonly labels: Int32Array;
  private readonly features = new Map<string, TokenSet>();

  constructor(
    private readonly backbone: Backbone,
    private readonly collection: PhotographCollection,
    classes: readonly string[],
  ) {
    this.labels = Int32Array.from(collection.photographs, ({ className }) => classes.indexOf(className));
  }

  /**
   * A character for each photograph: 1 where it is told right, 0 where not; and 1 where the heaviest position has its middle in
   * the thing's box, 0 where not, - where it is no scene of one thing or all positions weigh the same.
   */
  async answers(file: string): Promise<{ right: string; pointed: string }> {
    const model = await loadTransferModel(file, this.backbone);
    const { frozenUpTo, pooledAt } = model.origin!.regime;
    const { predictions, weights } = await evaluate(model, {
      tokens: await this.at(frozenUpTo),
      labels: this.labels,
    });
    model.dispose();
    const { rows, columns } = findCut(this.backbone, pooledAt);
    const size = weights.length / this.labels.length;
    const pointed = this.collection.photographs.map(({ setting, several, box }, i) => {
      if (setting !== "scene" || several) return "-";
      const map = meanOfHeads(weights.subarray(i * size, (i + 1) * size), rows * columns);
      const heaviest = Math.max(...map);
      if (heaviest - Math.min(...map) < 1e-6) return "-";
      const position = map.indexOf(heaviest);
      const [x, y] = [((position % columns) + 0.5) / columns, (Math.floor(position / columns) + 0.5) / rows];
      const inside = x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height;
      return inside ? "1" : "0";
    });
    const right = Array.from(predictions, (predicted, i) => Number(predicted === this.labels[i]));
    return { right: right.join(""), pointed: pointed.join("") };
  }

  private async at(cut: string): Promise<TokenSet> {
    const { photographs, digest } = this.collection;
    const source = { count: photographs.length, digest, load: async (i: number) => photographs[i]!.image };
    const tokens = this.features.get(cut) ?? (await extractTokens(this.backbone, cut, source));
    this.features.set(cut, tokens);
    return tokens;
  }
}

function meanOfHeads(weights: Float32Array, positions: number): Float64Array {
  const map = new Float64Array(positions);
  for (const [i, weight] of weights.entries()) map[i % positions]! += (weight * positions) / weights.length;
  return map;
}

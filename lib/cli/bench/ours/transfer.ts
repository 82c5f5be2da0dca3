import * as fs from "node:fs";
import * as path from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Backbone } from "../../../backbones/backbone";
import { loadEfficientNetLite0 } from "../../../backbones/efficientnet-lite0";
import { readPhotograph } from "../../../backbones/photograph";
import { readImage } from "../../../images/decode";
import { evaluate, type LabelledTokens } from "../../../transfer/evaluate";
import { extractTokens, findCut, type ImageSource } from "../../../transfer/extract";
import { cachedTokens } from "../../../transfer/feature-cache";
import { fitRegime } from "../../../transfer/fit-regime";
import { gatherGrids, type TokenSet } from "../../../transfer/tokens";
import type { TransferLine, Work } from "../cases";
import type { Job } from "../job";
import { sample, type Workload } from "./workload";

/** Features of photographs, from their files. */
export async function extractionWorkload(
  job: Job,
  { to }: Extract<Work, { kind: "extraction" }>,
): Promise<Workload> {
  const backbone = await loadEfficientNetLite0();
  const source = (files: string[]): ImageSource => ({
    count: files.length,
    digest: "photographs",
    load: (index) => readPhotograph(files[index]!),
  });
  return {
    check: async () => sample((await extractTokens(backbone, to, source(job.images.slice(0, 16)))).data),
    run: async () => void (await extractTokens(backbone, to, source(job.images))),
  };
}

/** The lines of a table as `npm run reproduce` makes them: frozen features once, on disk; then heads and stages. */
export async function transferWorkload(job: Job): Promise<Workload> {
  const backbone = await loadEfficientNetLite0();
  return {
    check: async () =>
      sample((await extractTokens(backbone, "head", sceneSource(job.parts.train!.files.slice(0, 8)))).data),
    run: async () => {
      // An empty cache each time: what was computed for an earlier run would be no work.
      const cache = fs.mkdtempSync(path.join(job.folder, "features-"));
      try {
        const features = new Features(backbone, job, cache);
        const accuracies: number[] = [];
        for (const line of job.lines) accuracies.push(await fitLine(line, features, backbone, job));
        return accuracies;
      } finally {
        fs.rmSync(cache, { recursive: true, force: true });
      }
    },
  };
}

function sceneSource(files: string[]): ImageSource {
  return { count: files.length, digest: files.join("\n"), load: (index) => readImage(files[index]!, 3) };
}

/** Fits one line and looks once at its test part. */
async function fitLine(
  { regime, pooling }: TransferLine,
  features: Features,
  backbone: Backbone,
  { classes, seed }: Job,
): Promise<number> {
  const { model } = await fitRegime({
    backbone,
    regime,
    pooling,
    classes,
    training: await features.of("train", regime.frozenUpTo),
    validation: await features.of("validation", regime.frozenUpTo),
    seed,
  });
  const { accuracy } = await evaluate(model, await features.of("test", regime.frozenUpTo));
  model.dispose();
  return accuracy;
}

/** The cut point whose features are kept on disk; later ones follow from them. */
const CACHED_CUT = "stage5";

/** What the frozen backbone makes of the scenes, each computed once. */
class Features {
  private readonly made = new Map<string, TokenSet>();

  constructor(
    private readonly backbone: Backbone,
    private readonly job: Job,
    private readonly folder: string,
  ) {}

  async of(part: string, cut: string): Promise<LabelledTokens> {
    const { files, labels } = this.job.parts[part]!;
    const key = `${part}/${cut}`;
    const tokens =
      this.made.get(key) ??
      (cut === CACHED_CUT
        ? await cachedTokens(this.backbone, cut, sceneSource(files), { folder: this.folder })
        : await this.derive((await this.of(part, CACHED_CUT)).tokens, cut));
    this.made.set(key, tokens);
    return { tokens, labels: Int32Array.from(labels) };
  }

  private async derive(tokens: TokenSet, cut: string): Promise<TokenSet> {
    const { rows, columns, channels } = findCut(this.backbone, cut);
    const data = new Float32Array(tokens.count * rows * columns * channels);
    const batchSize = 64;
    for (let start = 0; start < tokens.count; start += batchSize) {
      const indices = Array.from({ length: Math.min(batchSize, tokens.count - start) }, (_, i) => start + i);
      const grids = tf.tidy(() => this.backbone.run(gatherGrids(tokens, indices), CACHED_CUT, cut));
      data.set(await grids.data<"float32">(), start * rows * columns * channels);
      grids.dispose();
    }
    return { data, count: tokens.count, rows, columns, channels };
  }
}

import * as fs from "node:fs";
import * as path from "node:path";
import type { Backbone } from "../../../backbones/backbone";
import { readImage } from "../../../node/decode-image";
import { cachedTokens } from "../../../node/feature-cache";
import { loadEfficientNetLite0 } from "../../../node/load-efficientnet-lite0";
import { continueTokens } from "../../../transfer/continue-tokens";
import { evaluate } from "../../../transfer/evaluate";
import { extractTokens, type ImageSource } from "../../../transfer/extract";
import { fitRegime } from "../../../transfer/fit-regime";
import type { LabelledTokens } from "../../../transfer/labelled-tokens";
import type { TokenSet } from "../../../transfer/tokens";
import type { TransferLine } from "../cases";
import type { Job } from "../job";
import { sample, type Workload } from "./workload";

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
        : await continueTokens(this.backbone, (await this.of(part, CACHED_CUT)).tokens, CACHED_CUT, cut));
    this.made.set(key, tokens);
    return { tokens, labels: Int32Array.from(labels) };
  }
}

import type { Backbone } from "../../backbones/backbone";
import type { ImageGrid } from "../../backbones/grid";
import type { CutoutCollection } from "../../datasets/cutouts/collection";
import { maskOnGrid } from "../../datasets/cutouts/mask-on-grid";
import { planScenes, type SceneDescription } from "../../datasets/cutouts/plan";
import { renderScene, type Scene } from "../../datasets/cutouts/render";
import { splitCutouts } from "../../datasets/cutouts/split";
import { cachedTokens } from "../../node/feature-cache";
import type { OnProgress } from "../../runtime/progress";
import { randomStream } from "../../runtime/random";
import { sha256 } from "../../runtime/sha256";
import { continueTokens } from "../../transfer/continue-tokens";
import type { LabelledTokens } from "../../transfer/labelled-tokens";
import type { TokenSet } from "../../transfer/tokens";
import { codeDigest } from "../code-digest";
import { colourHistogram, HISTOGRAM_BINS } from "./colour-histogram";
import { type PartName, SCENES } from "./scenes";

/** Which cut point's features lie on disk; later ones are computed from them when they are needed. */
const CACHED_CUT = "stage5";

// What is cached of a scene follows from its plan, from the code that draws it and from the code that looks at it.
const FEATURE_CODE = [
  "node/load-cutouts",
  "datasets/cutouts/render",
  "node/load-efficientnet-lite0",
  "transfer/extract",
];

interface Part {
  plans: SceneDescription[];
  labels: Int32Array;
  digest: string;
}

/** Scenes of one seed and what the frozen backbone makes of them. Everything is made when first asked for, once. */
export class SeedData {
  readonly splitDigest: string;
  private readonly parts: Record<PartName, Part>;
  private readonly scenes = new Map<SceneDescription, Scene>();
  private readonly features = new Map<string, TokenSet>();
  private readonly masks = new Map<string, Float32Array>();

  constructor(
    private readonly collection: CutoutCollection,
    private readonly backbone: Backbone,
    seed: number,
    private readonly onDamaged: (message: string) => void,
  ) {
    const split = splitCutouts(collection, seed);
    const code = codeDigest(FEATURE_CODE);
    this.splitDigest = split.digest;
    const plan = (name: PartName): Part => {
      const plans = planScenes(split[name], SCENES[name], randomStream(seed, `scenes/${name}`));
      const digest = sha256(JSON.stringify([collection.digest, code, plans]));
      return { plans, labels: Int32Array.from(plans, ({ label }) => label), digest };
    };
    this.parts = { train: plan("train"), validation: plan("validation"), test: plan("test") };
  }

  get classes(): readonly string[] {
    return this.collection.classes;
  }

  /**
   * Features of a part at a cut point.
   * @param withMasks adds the true masks as weights for a pooling that is given them
   */
  async tokens(name: PartName, cut: string, withMasks = false): Promise<LabelledTokens> {
    const tokens = await this.once(`${name}/${cut}`, () =>
      cut === CACHED_CUT ? this.cached(name) : this.derived(name, cut),
    );
    const givenWeights = withMasks ? this.maskShares(name, tokens) : undefined;
    return { tokens, labels: this.parts[name].labels, givenWeights };
  }

  /**
   * Makes the features that are cached on disk, or reads them.
   * @param onProgress told the share that is done, 0 … 1
   */
  async extract(onProgress: (share: number) => void): Promise<void> {
    const total = Object.values(SCENES).reduce((sum, count) => sum + count, 0);
    let before = 0;
    for (const name of ["train", "validation", "test"] as const) {
      await this.once(`${name}/${CACHED_CUT}`, () =>
        this.cached(name, (done) => onProgress((before + done) / total)),
      );
      before += SCENES[name];
    }
  }

  /** The scene at an index of a part. */
  sceneAt(name: PartName, index: number): Scene {
    return this.scene(this.parts[name].plans[index]!);
  }

  /** Colour histograms of a part, as images of one position. */
  async histograms(name: PartName): Promise<LabelledTokens> {
    const tokens = await this.once(`${name}/histogram`, async () => {
      const histograms = this.parts[name].plans.map((plan) => colourHistogram(this.scene(plan).image));
      const data = new Float32Array(histograms.length * HISTOGRAM_BINS);
      histograms.forEach((histogram, i) => {
        data.set(histogram, i * HISTOGRAM_BINS);
      });
      return { data, count: histograms.length, rows: 1, columns: 1, channels: HISTOGRAM_BINS };
    });
    return { tokens, labels: this.parts[name].labels };
  }

  /** How much of every position the object covers, `[count, positions]` in 0 … 1; shared, so don't change it. */
  maskShares(name: PartName, { rows, columns }: ImageGrid): Float32Array {
    const key = `${name}/${rows} × ${columns}`;
    const made = this.masks.get(key);
    if (made) return made;
    const { plans } = this.parts[name];
    const shares = new Float32Array(plans.length * rows * columns);
    plans.forEach((plan, i) => {
      shares.set(maskOnGrid(this.scene(plan).mask, rows, columns), i * rows * columns);
    });
    this.masks.set(key, shares);
    return shares;
  }

  /** Lets go of the scenes and features in memory; they are made again when they are asked for. */
  forget(): void {
    this.scenes.clear();
    this.features.clear();
    this.masks.clear();
  }

  private scene(plan: SceneDescription): Scene {
    const scene = this.scenes.get(plan) ?? renderScene(this.collection, plan);
    this.scenes.set(plan, scene);
    return scene;
  }

  private async once(key: string, make: () => Promise<TokenSet>): Promise<TokenSet> {
    const made = this.features.get(key) ?? (await make());
    this.features.set(key, made);
    return made;
  }

  private cached(name: PartName, onProgress?: OnProgress): Promise<TokenSet> {
    const { plans, digest } = this.parts[name];
    const source = { count: plans.length, digest, load: async (i: number) => this.scene(plans[i]!).image };
    return cachedTokens(this.backbone, CACHED_CUT, source, { onProgress, onDamaged: this.onDamaged });
  }

  private async derived(name: PartName, cut: string): Promise<TokenSet> {
    const { tokens } = await this.tokens(name, CACHED_CUT);
    return continueTokens(this.backbone, tokens, CACHED_CUT, cut);
  }
}

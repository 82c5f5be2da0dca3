import type { Backbone } from "../../backbones/backbone";
import type { ImageGrid } from "../../backbones/grid";
import type { SceneCollection } from "../../datasets/scenes/collection";
import { areaMeans } from "../../images/area-means";
import { continueTokens } from "../../transfer/continue-tokens";
import type { LabelledTokens } from "../../transfer/labelled-tokens";
import type { TokenSet } from "../../transfer/tokens";
import { HISTOGRAM_BINS } from "./colour-histogram";
import { CACHED_CUT, type GroupScenes, groupScenes, MASK_SIDE } from "./group-scenes";
import { groupsOfFold, type RepeatPlan } from "./repeat-plan";

/** What the scenes of a fold are for. */
export type FoldPart = "training" | "validation" | "cells" | "silhouettes";

/** What a cut point's tokens are computed from. */
const BEFORE: Readonly<Record<string, string>> = { stage6: CACHED_CUT, head: "stage6" };

/** What a line needs of the scenes of a fold. */
export type LineData = Pick<FoldData, "plan" | "fold" | "classes" | "tokens" | "histograms" | "masks">;

/** The scenes of one fold, at every cut point that is asked for. Everything is made when first asked for, once. */
export class FoldData {
  private readonly parts = new Map<FoldPart, Promise<GroupScenes>>();
  private readonly features = new Map<string, Promise<TokenSet>>();

  constructor(
    private readonly collection: SceneCollection,
    private readonly backbone: Backbone,
    readonly plan: RepeatPlan,
    readonly fold: number,
  ) {}

  get classes(): readonly string[] {
    return this.collection.classes;
  }

  /**
   * Features of a part at a cut point.
   * @param withMasks adds how much of each position the target covers, as weights for the pooling `given`
   */
  async tokens(part: FoldPart, cut: string, withMasks = false): Promise<LabelledTokens> {
    const tokens = await this.at(part, cut);
    const { labels } = await this.part(part);
    if (!withMasks) return { tokens, labels };
    return { tokens, labels, givenWeights: (await this.masks(part, tokens)).targets };
  }

  /** Colour histograms of a part, as images of one position. */
  async histograms(part: FoldPart): Promise<LabelledTokens> {
    const { labels, histograms: data } = await this.part(part);
    const tokens = { data, count: labels.length, rows: 1, columns: 1, channels: HISTOGRAM_BINS };
    return { tokens, labels };
  }

  /** How much of each position of a grid target and distractors cover, 0 … 1, `[scenes, positions]`. */
  async masks(part: FoldPart, { rows, columns }: ImageGrid) {
    const { targets, distractors, labels } = await this.part(part);
    const onGrid = (shares: Float32Array) => {
      if (rows === MASK_SIDE && columns === MASK_SIDE) return shares;
      const all = new Float32Array(labels.length * rows * columns);
      for (let i = 0; i < labels.length; i++) {
        const own = shares.subarray(i * MASK_SIDE ** 2, (i + 1) * MASK_SIDE ** 2);
        all.set(areaMeans(own, [MASK_SIDE, MASK_SIDE], [rows, columns], 1), i * rows * columns);
      }
      return all;
    };
    return { targets: onGrid(targets), distractors: onGrid(distractors) };
  }

  private at(part: FoldPart, cut: string): Promise<TokenSet> {
    const key = `${part}/${cut}`;
    const known = this.features.get(key) ?? this.make(part, cut);
    this.features.set(key, known);
    return known;
  }

  private async make(part: FoldPart, cut: string): Promise<TokenSet> {
    if (cut === CACHED_CUT) return (await this.part(part)).tokens;
    const from = BEFORE[cut]!;
    return continueTokens(this.backbone, await this.at(part, from), from, cut);
  }

  private part(part: FoldPart): Promise<GroupScenes> {
    const known = this.parts.get(part) ?? this.load(part);
    this.parts.set(part, known);
    return known;
  }

  private async load(part: FoldPart): Promise<GroupScenes> {
    const { test, validation, training } = groupsOfFold(this.fold);
    const of = (group: number, kind: "mixture" | "cells" | "silhouettes") =>
      groupScenes(this.collection, this.backbone, this.plan, group, kind);
    if (part === "validation") return of(validation, "mixture");
    if (part !== "training") return of(test, part);
    const groups: GroupScenes[] = [];
    for (const group of training) groups.push(await of(group, "mixture"));
    return joined(groups);
  }
}

function joined(groups: readonly GroupScenes[]): GroupScenes {
  const join = (pick: (group: GroupScenes) => Float32Array) => {
    const whole = new Float32Array(groups.reduce((sum, group) => sum + pick(group).length, 0));
    let at = 0;
    for (const group of groups) {
      whole.set(pick(group), at);
      at += pick(group).length;
    }
    return whole;
  };
  const labels = Int32Array.from(groups.flatMap((group) => [...group.labels]));
  return {
    tokens: { ...groups[0]!.tokens, count: labels.length, data: join(({ tokens }) => tokens.data) },
    labels,
    targets: join(({ targets }) => targets),
    distractors: join(({ distractors }) => distractors),
    histograms: join(({ histograms }) => histograms),
  };
}

import type { LabelledTokens } from "../../transfer/labelled-tokens";
import type { FoldPart, LineData } from "../scene-tables/fold-data";
import { groupsOfFold } from "../scene-tables/repeat-plan";

/** The files of the targets that a part of a fold shows, scene by scene. */
export function targetsOf({ plan, fold }: Pick<LineData, "plan" | "fold">, part: FoldPart): string[] {
  const { test, validation, training } = groupsOfFold(fold);
  const groups = part === "training" ? training : [part === "validation" ? validation : test];
  const kind = part === "training" || part === "validation" ? "mixture" : part;
  return groups.flatMap((group) => plan.scenes[kind][group]!.map(({ target }) => target.file));
}

/** The scenes of a fold that show targets of one half: heads that see them alone know nothing of the other half. */
export function halfOf(data: LineData, isInHalf: (target: string) => boolean): LineData {
  const kept = (part: FoldPart) =>
    targetsOf(data, part).flatMap((target, scene) => (isInHalf(target) ? [scene] : []));
  const choose = <Values extends Float32Array>(values: Values, scenes: readonly number[], size: number) => {
    const chosen = new Float32Array(scenes.length * size);
    scenes.forEach((scene, i) => {
      chosen.set(values.subarray(scene * size, (scene + 1) * size), i * size);
    });
    return chosen;
  };
  const half = (
    { tokens, labels, givenWeights }: LabelledTokens,
    scenes: readonly number[],
  ): LabelledTokens => ({
    tokens: {
      ...tokens,
      count: scenes.length,
      data: choose(tokens.data, scenes, tokens.data.length / tokens.count),
    },
    labels: Int32Array.from(scenes, (scene) => labels[scene]!),
    ...(givenWeights && { givenWeights: choose(givenWeights, scenes, givenWeights.length / tokens.count) }),
  });
  return {
    plan: data.plan,
    fold: data.fold,
    classes: data.classes,
    tokens: async (part, cut, withMasks) => half(await data.tokens(part, cut, withMasks), kept(part)),
    histograms: async (part) => half(await data.histograms(part), kept(part)),
    masks: async (part, grid) => {
      const { targets, distractors } = await data.masks(part, grid);
      const scenes = kept(part);
      const of = (shares: Float32Array) => choose(shares, scenes, grid.rows * grid.columns);
      return { targets: of(targets), distractors: of(distractors) };
    },
  };
}

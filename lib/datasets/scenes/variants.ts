import { requireWhole } from "../../runtime/checks";
import type { RandomStream } from "../../runtime/random";
import type { AnyScene, SceneDescription, SceneWithoutTarget } from "./description";
import { drawClutter, drawCrop } from "./draw-background";
import { otherBackgrounds, type SceneGroup } from "./groups";

/**
 * The same scene with the target's pixels replaced by clutter through its own mask, drawn and pasted as the distractors'
 * silhouettes are: what is left is the shape.
 *
 * @param group the group that the scene was planned from
 * @param stream draws what fills the shape
 */
export function withTargetAsClutter(
  scene: SceneDescription,
  group: SceneGroup,
  stream: RandomStream,
): SceneDescription {
  const background = stream.pick(otherBackgrounds(group, [scene.background.file]));
  return { ...scene, target: { ...scene.target, clutter: drawClutter(background, scene.target, stream) } };
}

/** The same scene without its target: background is seen where it was. The label stays, so that its logit can be compared. */
export function withoutTarget({ target, ...rest }: AnyScene): SceneWithoutTarget {
  return rest;
}

/**
 * The same scene without one of its distractors.
 * @param index the distractor's place in the description, from 0
 * @throws UserError when the scene has no such distractor
 */
export function withoutDistractor<Scene extends SceneWithoutTarget>(scene: Scene, index: number): Scene {
  requireWhole("The distractor to leave out", index, 0, scene.distractors.length - 1);
  return { ...scene, distractors: scene.distractors.filter((_, place) => place !== index) };
}

/**
 * The same things at the same places on another background of the group, one that fills none of the silhouettes either.
 * @param group the group that the scene was planned from
 * @param stream draws the background and its crop
 */
export function onOtherBackground<Scene extends SceneWithoutTarget>(
  scene: Scene,
  group: SceneGroup,
  stream: RandomStream,
): Scene {
  const fills = scene.distractors.flatMap(({ clutter }) => (clutter ? [clutter.file] : []));
  const background = stream.pick(otherBackgrounds(group, [scene.background.file, ...fills]));
  return { ...scene, background: drawCrop(background, stream) };
}

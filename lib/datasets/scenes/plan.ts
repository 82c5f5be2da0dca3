import { requireWhole } from "../../runtime/checks";
import type { RandomStream } from "../../runtime/random";
import { UserError } from "../../runtime/user-error";
import type { Background, CutoutObject } from "../cutouts/collection";
import { dealer } from "../deck";
import type { SceneDescription } from "./description";
import { drawClutter, drawCrop } from "./draw-background";
import { otherBackgrounds, type SceneGroup } from "./groups";
import { highestQuality, longestSize, lowestQuality, mostDistractors, shortestSize } from "./layout";
import { placeThings } from "./place-things";
import { withTargetAsClutter } from "./variants";

/** Where a scene stands on the axes of the experiment. */
export interface SceneCell {
  /** The target's longer side, 32 … 96 pixels. */
  size: number;
  /** How many distractors, 0 … 6. */
  distractors: number;
}

/**
 * Draws the scenes that heads are trained on: classes as even as the number allows, every target of a class and every
 * background as often as another, 0 to 6 distractors equally often, sizes and places by the one law of `placeThings`.
 *
 * Half of the distractors, by a fair draw each, are things of other kinds; half are silhouettes of the group's targets
 * filled with a piece of another background. No thing is shown twice.
 *
 * @param count how many
 * @param stream the only source of chance: equal streams give equal scenes
 * @returns the scenes in random order
 * @throws UserError for a group without backgrounds that differ, or with fewer things than a scene takes
 */
export function planMixture(group: SceneGroup, count: number, stream: RandomStream): SceneDescription[] {
  requireWhole("The number of scenes", count, 1);
  requireParts(group);
  const labels = [...new Set(group.targets.map(({ label }) => label))].sort((a, b) => a - b);
  const decks = new Map(
    labels.map((label) => {
      const ofClass = group.targets.filter((target) => target.label === label);
      return [label, dealer(ofClass, stream.child(`targets of class ${label}`))];
    }),
  );
  const nextLabel = dealer(labels, stream.child("classes"));
  const nextBackground = dealer(group.backgrounds, stream.child("backgrounds"));
  const nextNumber = dealer([...Array(mostDistractors + 1).keys()], stream.child("numbers of distractors"));
  return Array.from({ length: count }, (_, index) =>
    planScene(
      group,
      decks.get(nextLabel())!(),
      nextBackground(),
      nextNumber(),
      stream.child(`scene ${index}`),
    ),
  );
}

/**
 * Draws one scene of a target in a cell of the surface over target size and number of distractors. Distractors' sizes are
 * drawn from the same law as in the mixture, given that all find room.
 *
 * An equal stream gives each cell of a target the same background and quality, and the same distractors as far as their
 * number goes, so that cells differ in nothing else; give each target and repeat a stream of its own.
 *
 * @throws UserError for a size or number out of range, and as `planMixture` does
 */
export function planCell(
  group: SceneGroup,
  target: CutoutObject,
  { size, distractors }: SceneCell,
  stream: RandomStream,
): SceneDescription {
  requireWhole("The size of a target", size, shortestSize, longestSize);
  requireWhole("The number of distractors", distractors, 0, mostDistractors);
  requireParts(group);
  const background = stream.child("background").pick(group.backgrounds);
  return planScene(group, target, background, distractors, stream, size);
}

/**
 * Draws scenes in which every target of the group stands as often as another, by the mixture's law, and is then replaced by
 * clutter through its own mask: what is left of it is its shape.
 *
 * @param times how many scenes of each target
 * @returns the scenes of the first target, then those of the next, in the group's order
 */
export function planSilhouettes(group: SceneGroup, times: number, stream: RandomStream): SceneDescription[] {
  requireWhole("The number of scenes of each target", times, 1);
  requireParts(group);
  return group.targets.flatMap((target) =>
    Array.from({ length: times }, (_, time) => {
      const ofScene = stream.child(`${target.file}, ${time}`);
      const background = ofScene.child("background").pick(group.backgrounds);
      const number = ofScene.child("number of distractors").integer(mostDistractors + 1);
      const scene = planScene(group, target, background, number, ofScene);
      return withTargetAsClutter(scene, group, ofScene.child("clutter"));
    }),
  );
}

function planScene(
  group: SceneGroup,
  target: CutoutObject,
  background: Background,
  number: number,
  stream: RandomStream,
  fixedSize?: number,
): SceneDescription {
  const drawn: Drawn[] = [];
  for (let index = 0; index < number; index++) {
    const used = new Set(drawn.map(({ thing }) => thing.file));
    drawn.push(drawDistractor(group, target, used, stream.child(`distractor ${index}`)));
  }
  const boxes = placeThings([target, ...drawn.map(({ thing }) => thing)], stream.child("places"), fixedSize);
  const fills = otherBackgrounds(group, [background.file]);
  const distractors = drawn.map(({ thing, silhouette }, index) => {
    const ofDistractor = stream.child(`distractor ${index}`);
    const box = boxes[index + 1]!;
    const placed = { ...placeable(thing, ofDistractor), ...box };
    if (!silhouette) return placed;
    const fill = ofDistractor.child("clutter");
    return { ...placed, clutter: drawClutter(fill.pick(fills), box, fill) };
  });
  return {
    className: target.className,
    label: target.label,
    target: { ...placeable(target, stream.child("target")), ...boxes[0]! },
    distractors,
    background: drawCrop(background, stream.child("crop")),
    quality: lowestQuality + stream.child("quality").integer(highestQuality - lowestQuality + 1),
  };
}

function placeable({ file, className }: CutoutObject, stream: RandomStream) {
  return { file, className, mirrored: stream.child("mirror").uniform() < 0.5 };
}

interface Drawn {
  thing: CutoutObject;
  silhouette: boolean;
}

/**
 * A thing of another kind, or, as often, the silhouette of one of the group's targets. A silhouette's class is drawn before
 * the thing, since targets are even by class: shapes then follow the law of the targets' shapes.
 * @param used the files of the scene's other things; none is shown twice, but a silhouette may have another's shape, since
 *   to forbid that would make shapes of small classes rarer than their targets
 */
function drawDistractor(
  group: SceneGroup,
  target: CutoutObject,
  used: ReadonlySet<string>,
  stream: RandomStream,
): Drawn {
  const things = group.distractors.filter(({ file }) => !used.has(file));
  const targets = group.targets.filter(({ file }) => file !== target.file);
  if (things.length === 0 || targets.length === 0)
    throw new UserError(`Group ${group.number} has too few things for so many distractors. Add things.`);
  if (stream.uniform() < 0.5) return { thing: stream.pick(things), silhouette: false };
  const className = stream.pick([...new Set(targets.map((other) => other.className))]);
  const ofClass = targets.filter((other) => other.className === className);
  return { thing: stream.pick(ofClass), silhouette: true };
}

function requireParts(group: SceneGroup): void {
  for (const part of ["targets", "distractors", "backgrounds"] as const) {
    if (group[part].length === 0)
      throw new UserError(`Group ${group.number} has no ${part}, so no scene can be made of it.`);
  }
}

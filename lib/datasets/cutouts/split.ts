import { type RandomStream, randomStream } from "../../runtime/random";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import type { Background, CutoutCollection, CutoutObject } from "./collection";

/** One part of a split: its scenes are made of these objects and these backgrounds alone. */
export interface CutoutPart {
  name: "train" | "validation" | "test";
  objects: CutoutObject[];
  backgrounds: Background[];
}

/** A collection in three parts that share no group of objects and no group of backgrounds. */
export interface CutoutSplit {
  train: CutoutPart;
  validation: CutoutPart;
  test: CutoutPart;
  /** SHA-256 over the collection and the files of every part. */
  digest: string;
}

const shares = { train: 0.6, validation: 0.2, test: 0.2 } as const;
const partNames = ["train", "validation", "test"] as const;
type PartName = (typeof partNames)[number];

/**
 * Splits objects, class by class, and backgrounds into about 60 % train, 20 % validation and 20 % test, at random
 * but equal for an equal seed.
 *
 * What belongs to one group goes to one part, so a part never holds a near-duplicate of another's photograph; the
 * parts share neither objects nor backgrounds.
 *
 * @throws UserError when a class, or the backgrounds, have fewer than three groups
 */
export function splitCutouts(collection: CutoutCollection, seed: number): CutoutSplit {
  const stream = randomStream(seed, "split of the cut-outs");
  const parts = Object.fromEntries(
    partNames.map((name) => [name, { name, objects: [], backgrounds: [] }]),
  ) as unknown as Record<PartName, CutoutPart>;

  for (const className of collection.classes) {
    const ofClass = collection.objects.filter((object) => object.className === className);
    const dealt = dealGroups(ofClass, stream.child(className), `the class ${className}`);
    for (const name of partNames) parts[name].objects.push(...dealt[name]);
  }
  const dealt = dealGroups(collection.backgrounds, stream.child("backgrounds"), "the backgrounds");
  for (const name of partNames) parts[name].backgrounds.push(...dealt[name]);

  const files = partNames.map((name) =>
    [...parts[name].objects, ...parts[name].backgrounds].map(({ file }) => file),
  );
  return { ...parts, digest: sha256(JSON.stringify([collection.digest, ...files])) };
}

/**
 * Deals whole groups out in a random order, each to the part that lacks most of its share. Where that leaves a part
 * empty, the groups are dealt largest first, one to each part before the rest, so that three groups suffice.
 */
function dealGroups<Item extends { file: string; group: string }>(
  items: readonly Item[],
  stream: RandomStream,
  what: string,
): Record<PartName, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  if (groups.size < partNames.length) {
    throw new UserError(
      `${what} cannot be split: train, validation and test need a group of photographs each, and there are ${groups.size}. Add photographs that resemble none that is there.`,
    );
  }
  const shuffled = stream.shuffled([...groups.values()]);
  const dealt = dealByNeed(shuffled, items.length, { train: [], validation: [], test: [] });
  if (partNames.every((name) => dealt[name].length > 0)) return dealt;
  const [first, second, third, ...rest] = shuffled.sort((one, other) => other.length - one.length);
  return dealByNeed(rest, items.length, { train: [...first!], validation: [...second!], test: [...third!] });
}

/** Adds each group to the part that lacks most of its share: where two lack as much, to train first, then validation. */
function dealByNeed<Item>(
  groups: readonly Item[][],
  total: number,
  parts: Record<PartName, Item[]>,
): Record<PartName, Item[]> {
  const lack = (name: PartName) => shares[name] * total - parts[name].length;
  for (const group of groups) {
    parts[partNames.reduce((best, name) => (lack(name) > lack(best) ? name : best))].push(...group);
  }
  return parts;
}

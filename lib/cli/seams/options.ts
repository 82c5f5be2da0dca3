import { parseOptions, wholeNumber } from "../options";

export const HELP = `npm run seams                        try to tell targets from distractors by how they are placed and pasted, minutes
npm run seams -- --scenes 100        fewer scenes in each group, wider intervals; nothing is written

In scenes of the mixture the target is filled with clutter through its own mask and held against a distractor that is
a target's silhouette filled in the same way. Classifiers are trained on four groups of scenes and tried on the fifth:
on the box alone, on statistics along the edge, and on tokens of a frozen network under the mask, around it and at its
edge. Printed is the area under the curve with its 95 % interval over things, which is also written to
data/reference/scene-seams.csv. The command fails where an interval reaches out of 0.47 to 0.53.
`;

/** How many scenes of each group the committed numbers are of. */
export const SCENES_PER_GROUP = 1000;

export interface SeamsOptions {
  help: boolean;
  scenesPerGroup: number;
}

/** @throws UserError for an unknown option, or a number that is none */
export function readOptions(args: readonly string[]): SeamsOptions {
  const values = parseOptions("npm run seams", args, {
    help: { type: "boolean", short: "h" },
    scenes: { type: "string" },
  });
  return {
    help: values.help ?? false,
    scenesPerGroup: wholeNumber("scenes", values.scenes ?? String(SCENES_PER_GROUP), 10, 100_000),
  };
}

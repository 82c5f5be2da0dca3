import type { AnswerTable } from "../../statistics/answer-table";
import { normalQuantile } from "../../statistics/normal";
import { latentCorrelation } from "./latent-correlation";
import { type PairCovariances, pairCovariances } from "./pair-covariances";
import type { Component, World } from "./world";

/**
 * A world whose components are those of a table's real answers, by the moments of pairs of scenes: what two lines have in
 * common is shared, what a line has with itself beyond that is its own. Means over all lines and pairs of lines; what
 * comes out below 0 is 0.
 *
 * Scenes of a fold share its backgrounds and distractors too, so that folds come out somewhat too different. Of groups too few are larger than one thing to tell much; what training things teach does not show in one set of things.
 *
 * @param lines those that count, as many as the simulated table is to have
 */
export function fittedWorld(table: AnswerTable, lines: readonly string[]): World {
  const { things, repeats, cells, drawn } = table;
  const classes = [...new Set(things.map(({ className }) => className))];
  const classOf = Int32Array.from(cells, (cell) =>
    classes.indexOf(things[Math.floor(cell / repeats)]!.className),
  );
  const fitted = lines.map((line) => {
    const values = table.lines.get(line)!;
    const means = classMeans(values, classOf, classes.length);
    const deviations = values.map((value, scene) => value - means[classOf[scene]!]!);
    // A class that is always right, or never, has a threshold far out but not at infinity.
    const thresholds = Array.from(means, (mean) => normalQuantile(Math.min(0.98, Math.max(0.02, mean))));
    return { mean: values.reduce((sum, value) => sum + value, 0) / values.length, deviations, thresholds };
  });
  const drawnInScene = (drawn.get("distractor")?.scenes.length ?? 0) / cells.length;
  const pairs = fitted.flatMap((first, i) =>
    fitted.slice(i).map((second) => ({ first, second, same: first === second })),
  );
  const correlations = pairs.map(({ first, second, same }) => {
    const covariances = pairCovariances(table, [first.deviations, second.deviations]);
    const thresholds = first.thresholds.map((h, c) => [h, second.thresholds[c]!] as const);
    const of = (name: keyof PairCovariances) => latentCorrelation(covariances[name], thresholds);
    return { same, parts: partsOf(of, drawnInScene) };
  });
  const component = (name: keyof Parts): Component => {
    const ofPairs = (same: boolean) =>
      Math.max(0, meanOf(correlations.filter((pair) => pair.same === same).map(({ parts }) => parts[name])));
    const shared = ofPairs(false);
    return { shared: Math.sqrt(shared), own: Math.sqrt(Math.max(0, ofPairs(true) - shared)) };
  };
  const components = {
    class: classComponent(fitted.map(({ thresholds }) => thresholds)),
    group: component("group"),
    thing: component("thing"),
    fold: component("fold"),
    repeat: component("repeat"),
    thingInRepeat: component("thingInRepeat"),
    background: component("background"),
    distractor: component("distractor"),
    lesson: { shared: 0, own: 0 },
  };
  const taken = Object.entries(components).reduce(
    (sum, [name, { shared, own }]) =>
      name === "class" ? sum : sum + (shared ** 2 + own ** 2) * (name === "distractor" ? drawnInScene : 1),
    0,
  );
  const sharedByScene = component("scene").shared ** 2;
  const left = Math.max(0.05, 1 - taken);
  const count = (kind: string) => new Set(drawn.get(kind)?.numbers ?? [0]).size;
  return {
    things: things.length,
    classes: classes.length,
    duplicated:
      1 - new Set(things.map(({ className, group }) => `${className}/${group}`)).size / things.length,
    folds: 1 + Math.max(...table.folds),
    repeats,
    scenes: Math.round(cells.length / things.length / repeats),
    backgrounds: count("background"),
    distractors: count("distractor"),
    distractorsInScene: Math.round(drawnInScene),
    accuracies: fitted.map(({ mean }) => mean),
    components: {
      ...components,
      scene: {
        shared: Math.sqrt(Math.min(sharedByScene, left)),
        own: Math.sqrt(Math.max(0, left - sharedByScene)),
      },
    },
  };
}

type Parts = Record<Exclude<keyof World["components"], "class" | "lesson">, number>;

/** What pairs have in common, taken apart on the latent scale, where variances add. */
function partsOf(of: (name: keyof PairCovariances) => number, distractorsInScene: number): Parts {
  const fold = of("fold");
  return {
    group: of("group"),
    thing: of("thing") - of("group"),
    thingInRepeat: of("thingInRepeat") - of("thing") - fold,
    repeat: of("repeat"),
    fold: fold - of("repeat"),
    background: of("background"),
    distractor: of("distractor"),
    scene: of("scene") - of("thingInRepeat") - of("background") - distractorsInScene * of("distractor"),
  };
}

function classMeans(values: Float64Array, classOf: Int32Array, classes: number): Float64Array {
  const [sums, counts] = [new Float64Array(classes), new Float64Array(classes)];
  for (const [scene, value] of values.entries()) {
    sums[classOf[scene]!]! += value;
    counts[classOf[scene]!]! += 1;
  }
  return sums.map((sum, c) => sum / counts[c]!);
}

/** How far classes differ for all lines alike, and for each line by itself, in standard deviations of the latent scale. */
function classComponent(thresholds: readonly (readonly number[])[]): Component {
  const classes = thresholds[0]!.length;
  const centred = thresholds.map((line) => {
    const mean = meanOf(line);
    return line.map((value) => value - mean);
  });
  const shared = Array.from({ length: classes }, (_, c) => meanOf(centred.map((line) => line[c]!)));
  const spread = (values: readonly number[]) => Math.sqrt(meanOf(values.map((value) => value ** 2)));
  return {
    shared: spread(shared),
    own: spread(centred.flatMap((line) => line.map((value, c) => value - shared[c]!))),
  };
}

const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

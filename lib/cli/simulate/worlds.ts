import type { World } from "./world";

/**
 * About what was scouted on the scenes with distractors: 187 things of eight classes, five folds, five repeats, standard errors
 * between one and two points. The components are assumptions; `fittedWorld` takes those of committed answers.
 */
const scouted: World = {
  things: 187,
  classes: 8,
  duplicated: 0.1,
  folds: 5,
  repeats: 5,
  scenes: 4,
  backgrounds: 60,
  distractors: 130,
  distractorsInScene: 3,
  accuracies: [0.21, 0.32, 0.39, 0.5, 0.13],
  components: {
    class: { shared: 0.4, own: 0.15 },
    group: { shared: 0.3, own: 0.15 },
    thing: { shared: 0.6, own: 0.3 },
    fold: { shared: 0.05, own: 0.06 },
    repeat: { shared: 0, own: 0.03 },
    thingInRepeat: { shared: 0.1, own: 0.25 },
    background: { shared: 0.2, own: 0.05 },
    distractor: { shared: 0.1, own: 0.03 },
    scene: { shared: 0.7, own: 0.7 },
    lesson: { shared: 0, own: 0 },
  },
};

const like = (changed: Partial<World>, components: Partial<World["components"]> = {}): World => ({
  ...scouted,
  ...changed,
  components: { ...scouted.components, ...components },
});

/** Worlds in which the intervals ought to hold. */
export const promised: ReadonlyMap<string, World> = new Map([
  ["as scouted", scouted],
  ["half as many things", like({ things: 94 })],
  ["many near-duplicates", like({ duplicated: 0.6 }, { group: { shared: 0.6, own: 0.3 } })],
  ["folds differ", like({}, { fold: { shared: 0.1, own: 0.15 } })],
  [
    "backgrounds differ",
    like({}, { background: { shared: 0.3, own: 0.12 }, distractor: { shared: 0.15, own: 0.08 } }),
  ],
  [
    "answers differ by chance alone",
    like(
      {},
      {
        fold: { shared: 0, own: 0 },
        repeat: { shared: 0, own: 0 },
        background: { shared: 0, own: 0 },
        distractor: { shared: 0, own: 0 },
      },
    ),
  ],
  ["near the ceiling", like({ accuracies: [0.9, 0.93, 0.95, 0.97, 0.88] })],
]);

/** A world that no interval from one set of things can see through: the check on halves can. */
export const lessons: ReadonlyMap<string, World> = new Map([
  ["training things differ", like({}, { lesson: { shared: 0.004, own: 0.005 } })],
]);

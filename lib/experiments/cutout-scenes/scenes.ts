/** How many scenes of each part a seed draws. */
export const SCENES = { train: 800, validation: 320, test: 480 } as const;

export type PartName = keyof typeof SCENES;

/**
 * Objects of the test part over objects of the train part. The seeds' splits overlap, and intervals over seeds are
 * widened for it (see `IntervalOptions.testToTraining`).
 */
export const TEST_TO_TRAINING = 0.2 / 0.6;

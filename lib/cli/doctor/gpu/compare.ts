import type { CheckResult } from "./side";

/** How far two sides are apart in one check. */
export interface Agreement {
  name: string;
  kind: string;
  /** Whether every result lies within its kind's tolerance. */
  agrees: boolean;
  /** Of the result that differs most: its largest difference, relative to the largest magnitude of the reference. */
  largest?: number;
  /** The same for the root of the mean square. */
  root?: number;
  /** Why there is nothing to compare. */
  failure?: string;
}

/**
 * What is accepted. Sums are taken in another order, so the last digits differ. In a network some of the millions of
 * numbers lie at the edge of a ReLU6 to the last digit; one that falls to the other side changes its own gradient
 * altogether, so there the root of the mean square counts.
 */
export const TOLERANCES: Readonly<Record<string, { measure: "largest" | "root"; most: number }>> = {
  operation: { measure: "largest", most: 1e-4 },
  "attention layer": { measure: "largest", most: 1e-4 },
  network: { measure: "root", most: 1e-2 },
};

/** The largest relative difference that two rows of losses may have. */
export const LOSS_TOLERANCE = 1e-4;

/** Every check of the reference with what the other side made of it. */
export function compareChecks(
  checks: readonly CheckResult[],
  reference: readonly CheckResult[],
): Agreement[] {
  return reference.map((expected) => {
    const { name, kind } = expected;
    const found = checks.find((check) => check.name === name && check.kind === kind);
    if (!found || "failure" in found || "failure" in expected) {
      const failures = [
        found && "failure" in found && found.failure,
        "failure" in expected && expected.failure,
      ];
      return { name, kind, agrees: false, failure: failures.filter(Boolean).join(" / ") || "it did not run" };
    }
    const differences = Object.entries(expected.values).map(([key, values]) =>
      difference(found.values[key] ?? [], values),
    );
    const largest = greatest(differences.map((each) => each.largest));
    const root = greatest(differences.map((each) => each.root));
    const { measure, most } = TOLERANCES[kind]!;
    return { name, kind, agrees: (measure === "largest" ? largest : root) <= most, largest, root };
  });
}

/** NaN where one of them is, which `Math.max` keeps. */
const greatest = (values: readonly number[]) => values.reduce((most, value) => Math.max(most, value), 0);

/** How far values lie from those that were expected; NaN where a number is, or their counts differ. */
export function difference(
  values: readonly number[],
  expected: readonly number[],
): { largest: number; root: number } {
  if (values.length !== expected.length) return { largest: Number.NaN, root: Number.NaN };
  const magnitude = greatest(expected.map(Math.abs));
  const distances = values.map((value, i) => Math.abs(value - expected[i]!));
  const squares = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number * number, 0);
  // Zeros are expected to be zeros.
  const relative = (distance: number, whole: number) => (distance === 0 ? 0 : distance / whole);
  return {
    largest: relative(greatest(distances), magnitude),
    root: relative(Math.sqrt(squares(distances)), Math.sqrt(squares(expected))),
  };
}

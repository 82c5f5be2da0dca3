import type { Outcome } from "./trial";

/** What the library's intervals promise: how often they hold the truth. */
const COVERAGE = { least: 0.93, most: 0.97 };
const COLUMNS = ["one interval", "all together", "claimed/true error", "detectable", "found", "halves"];
const WIDTH = 33;

/** The head of a world's table. */
export function heading(world: string, experiments: number): string {
  return `${world}: ${experiments} tables\n${"".padEnd(WIDTH)}${COLUMNS.map((title) => title.padStart(20)).join("")}`;
}

/** One line of a world's table. */
export function rowOf(outcome: Outcome): string {
  const percent = (share: number | undefined, after = " %") =>
    share === undefined ? "–" : `${(100 * share).toFixed(1)}${after}`;
  const cells = [
    percent(outcome.coverage),
    percent(outcome.together),
    outcome.claimedToTrue.toFixed(2),
    percent(outcome.smallestDetectable, " points"),
    percent(outcome.power),
    outcome.halves.toFixed(2),
  ];
  return `${outcome.method.padEnd(WIDTH)}${cells.map((cell) => cell.padStart(20)).join("")}`;
}

/** A sentence where the coverage leaves its limits by more than twice the standard error that so many tables leave it. */
export function faultOf(world: string, outcome: Outcome, experiments: number): string[] {
  const shares = { "one interval": outcome.coverage, "all together": outcome.together };
  const slack = 2 * Math.sqrt((0.95 * 0.05) / experiments);
  return Object.entries(shares)
    .filter(([, share]) => share < COVERAGE.least - slack || share > COVERAGE.most + slack)
    .map(
      ([which, share]) =>
        `In the world "${world}", ${which} held the truth in ${(100 * share).toFixed(1)} of 100 tables, not in 93 to 97.`,
    );
}

import { type RandomStream, randomStream } from "../../runtime/random";
import { type HalvesPair, halvesAgreement } from "../../statistics/halves";
import { candidates, type Judged, type Pair } from "./candidates";
import { experimentIn, lawsOf, type World } from "./world";

/** The named comparisons of a simulated table: as many as a table may have, some of them sharing lines. */
export const PAIRS: readonly Pair[] = [
  ["2", "0"],
  ["2", "1"],
  ["1", "0"],
  ["3", "2"],
  ["2", "4"],
  ["0", "4"],
];

/** How a method did in many experiments in one world, as shares of experiments. */
export interface Outcome {
  method: string;
  /** How often an interval of one comparison held the true difference. */
  coverage: number;
  /** How often all intervals of a table did. */
  together: number;
  /** Root of the mean square of the claimed standard errors over the true standard error. */
  claimedToTrue: number;
  /** How often a true difference of the claimed smallest detectable size would have been found; undefined where none is claimed. */
  power?: number;
  /** Mean of the smallest detectable differences that were claimed. */
  smallestDetectable?: number;
  /** Standard deviation of the difference between two experiments with things of their own, in claimed standard errors. */
  halves: number;
}

/**
 * Runs experiments in a world and holds what each method says against the truth.
 * @param methods names of candidates
 */
export async function tryMethods(
  world: World,
  { experiments, seed, methods }: { experiments: number; seed: number; methods: readonly string[] },
  onExperiment: () => Promise<void> | void = () => {},
): Promise<Outcome[]> {
  const laws = lawsOf(world, randomStream(seed, "laws"));
  const truth = PAIRS.map(([first, second]) => laws.truth[Number(first)]! - laws.truth[Number(second)]!);
  const judged = new Map<string, Judged[][]>(methods.map((method) => [method, []]));
  const stream = randomStream(seed, "experiments");
  for (let number = 0; number < experiments; number++) {
    const ofExperiment: RandomStream = stream.child(`${number}`);
    const table = experimentIn(laws, ofExperiment.child("answers"));
    for (const [method, results] of judged)
      results.push(candidates.get(method)!(table, PAIRS, ofExperiment.child(method)));
    await onExperiment();
  }
  return [...judged].map(([method, results]) => outcomeOf(method, results, truth));
}

function outcomeOf(method: string, results: readonly Judged[][], truth: readonly number[]): Outcome {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = (k: number) => results.map((result) => result[k]!.estimate - truth[k]!);
  const holds = (result: readonly Judged[], k: number, critical: number) =>
    Math.abs(result[k]!.estimate - truth[k]!) <= critical * result[k]!.standardError;
  const each = <T>(use: (k: number) => T): T[] => truth.map((_, k) => use(k));
  const claims = results[0]!.every(({ smallestDetectable }) => smallestDetectable !== undefined);
  const detectable = claims
    ? each((k) => mean(results.map((result) => result[k]!.smallestDetectable!)))
    : undefined;
  return {
    method,
    coverage: mean(each((k) => mean(results.map((result) => Number(holds(result, k, result[k]!.critical)))))),
    together: mean(
      results.map((result) => Number(each((k) => holds(result, k, result[k]!.simultaneous)).every(Boolean))),
    ),
    claimedToTrue: mean(
      each((k) =>
        Math.sqrt(
          mean(results.map((result) => result[k]!.standardError ** 2)) /
            mean(errors(k).map((error) => error ** 2)),
        ),
      ),
    ),
    ...(detectable && {
      power: mean(
        each((k) =>
          mean(
            results.map((result) => {
              const { estimate, simultaneous, standardError } = result[k]!;
              const seen = estimate - truth[k]! + detectable[k]!;
              return Number(Math.abs(seen) > simultaneous * standardError);
            }),
          ),
        ),
      ),
      smallestDetectable: mean(detectable),
    }),
    halves: mean(each((k) => halvesAgreement(pairsOf(results, k)).standardDeviation)),
  };
}

/** Each experiment with the next one: two that share no thing. */
function pairsOf(results: readonly Judged[][], k: number): HalvesPair[] {
  return Array.from({ length: Math.floor(results.length / 2) }, (_, i) => ({
    first: results[2 * i]![k]!,
    second: results[2 * i + 1]![k]!,
  }));
}

import type { RandomStream } from "../../runtime/random";
import type { AnswerTable } from "../../statistics/answer-table";
import { type Design, designOf } from "../../statistics/design";
import { judgeLines } from "../../statistics/judge-lines";
import { meanOverThings } from "../../statistics/mean-over-things";
import { simultaneousLevel } from "../../statistics/simultaneous";
import { studentQuantile } from "../../statistics/student-t";

/** A comparison as a method sees it: intervals are the estimate plus and minus so many standard errors. */
export interface Judged {
  estimate: number;
  standardError: number;
  /** For this comparison alone. */
  critical: number;
  /** For all comparisons together. */
  simultaneous: number;
  /** The difference that the method claims to find in four cases of five, where it claims any. */
  smallestDetectable?: number;
}

export type Pair = readonly [first: string, second: string];

/** The ways to an interval that are compared: for each its name and how it judges pairs of lines. */
export const candidates = new Map<
  string,
  (table: AnswerTable, pairs: readonly Pair[], stream: RandomStream) => Judged[]
>([
  ["variance components, t", components],
  ["variance components, normal", componentsNormal],
  ["bootstrap of things and repeats", (table, pairs, stream) => bootstrap(table, pairs, stream, true)],
  ["bootstrap of things", (table, pairs, stream) => bootstrap(table, pairs, stream, false)],
]);

/** The one that the library has. */
export const chosen = "variance components, t";

const BOOTSTRAP_DRAWS = 1000;
const NORMAL_975 = 1.959963984540054;

function components(table: AnswerTable, pairs: readonly Pair[]): Judged[] {
  return judgeLines(table, pairs).comparisons.map(
    ({ difference: estimate, standardError, freedom, lower, upper, smallestDetectable }) => ({
      estimate,
      standardError,
      critical: studentQuantile(0.975, freedom),
      simultaneous: (upper - lower) / 2 / standardError,
      smallestDetectable,
    }),
  );
}

function componentsNormal(table: AnswerTable, pairs: readonly Pair[], stream: RandomStream): Judged[] {
  const design = designOf(table);
  const estimates = pairs.map((pair) => meanOverThings(difference(table, pair), design));
  const level = simultaneousLevel(
    estimates.map(({ groupSums }) => groupSums),
    0.05,
    stream,
  );
  const simultaneous = -studentQuantile(level / 2, 1e6);
  return estimates.map(({ mean: estimate, standardError }) => ({
    estimate,
    standardError,
    critical: NORMAL_975,
    simultaneous,
  }));
}

/**
 * Groups of things are drawn with replacement within each class, and repeats too if asked for (the pigeonhole bootstrap of
 * Owen 2007, Annals of Applied Statistics 1); critical values are quantiles of what the draws deviate by.
 */
function bootstrap(
  table: AnswerTable,
  pairs: readonly Pair[],
  stream: RandomStream,
  repeatsToo: boolean,
): Judged[] {
  const design = designOf(table);
  const { repeats } = table;
  const { sums, sizes } = sumsOfGroups(table, pairs, design);
  const groups = sizes.length;
  const ofClass = Array.from({ length: design.classSizes.length }, (_, c) =>
    [...design.classOfGroup.keys()].filter((group) => design.classOfGroup[group] === c),
  );
  const full = { groups: new Float64Array(groups).fill(1), repeats: new Float64Array(repeats).fill(1) };
  const meansOf = (weights: typeof full) =>
    sums.map((sumsOfPair) => {
      // Each class keeps its share of the whole, however many things were drawn for it.
      let mean = 0;
      for (const [c, members] of ofClass.entries()) {
        let [total, count] = [0, 0];
        for (const g of members) {
          const weight = weights.groups[g]!;
          if (weight === 0) continue;
          count += weight * sizes[g]!;
          for (let r = 0; r < repeats; r++)
            total += weight * weights.repeats[r]! * sumsOfPair[g * repeats + r]!;
        }
        mean += ((total / count / repeats) * design.classSizes[c]!) / table.things.length;
      }
      return mean;
    });
  const estimates = meansOf(full);
  const deviations = Array.from({ length: BOOTSTRAP_DRAWS }, () => {
    const weights = { groups: new Float64Array(groups), repeats: new Float64Array(repeats) };
    for (const members of ofClass) for (const _ of members) weights.groups[stream.pick(members)]! += 1;
    if (repeatsToo) for (let r = 0; r < repeats; r++) weights.repeats[stream.integer(repeats)]! += 1;
    else weights.repeats.fill(1);
    return meansOf(weights).map((mean, k) => mean - estimates[k]!);
  });
  const errors = pairs.map((_, k) =>
    Math.sqrt(deviations.reduce((sum, deviation) => sum + deviation[k]! ** 2, 0) / BOOTSTRAP_DRAWS),
  );
  const quantile = (values: number[]) => values.sort((a, b) => a - b)[Math.ceil(0.95 * values.length) - 1]!;
  const inErrors = deviations.map((deviation) => deviation.map((value, k) => Math.abs(value) / errors[k]!));
  const simultaneous = quantile(inErrors.map((values) => Math.max(...values)));
  return pairs.map((_, k) => ({
    estimate: estimates[k]!,
    standardError: errors[k]!,
    critical: quantile(inErrors.map((values) => values[k]!)),
    simultaneous,
  }));
}

/** For each pair the sums of the differences of each group's things in each repeat, and how many things a group has. */
function sumsOfGroups({ cells, repeats, ...table }: AnswerTable, pairs: readonly Pair[], design: Design) {
  const sizes = new Float64Array(design.classOfGroup.length);
  for (const group of design.groupOf) sizes[group]! += 1;
  const sums = pairs.map((pair) => {
    const result = new Float64Array(sizes.length * repeats);
    for (const [scene, value] of difference(table, pair).entries()) {
      const cell = cells[scene]!;
      const group = design.groupOf[Math.floor(cell / repeats)]!;
      result[group * repeats + (cell % repeats)]! +=
        value * design.weights[scene]! * design.groupOf.length * repeats;
    }
    return result;
  });
  return { sums, sizes };
}

function difference({ lines }: Pick<AnswerTable, "lines">, [first, second]: Pair): Float64Array {
  const other = lines.get(second)!;
  return lines.get(first)!.map((value, scene) => value - other[scene]!);
}

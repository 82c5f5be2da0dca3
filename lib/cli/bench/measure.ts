import type { BenchCase } from "./cases";
import { writeInputs } from "./inputs";
import type { Job } from "./job";
import { type Command, Side } from "./side";

/** One side of a case, measured. */
export interface Measurement {
  name: string;
  /** Median time of a call. */
  milliseconds: number;
  /** Peak memory of the process, in megabytes; undefined where the system does not tell. */
  megabytes: number | undefined;
  versions: Record<string, string>;
  /** What the last call gave. */
  result: unknown;
}

/** A case with all its sides: this library first, then its peers. */
export interface Outcome {
  ours: Measurement;
  peers: Measurement[];
}

/** Largest difference between the sides' numbers that is accepted, relative to the largest of them. */
const TOLERANCE = 1e-3;

/** Runs of each side before the clock counts. */
const WARM_UP = 2;

/**
 * Measures one case: every side in a fresh process, which is warm before it is timed, the sides taking turns.
 * @param commands how each side is started, this library's first.
 * @param onShare told which share of the repetitions is done, 0 … 1.
 * @throws Error when a side computes something else than this library, or ends before its time.
 */
export async function measureCase(
  { name, work, repetitions, calls }: BenchCase,
  job: Job,
  commands: ReadonlyMap<string, (job: Job) => Command>,
  onShare: (share: number) => void,
): Promise<Outcome> {
  const sides: Side[] = [];
  writeInputs(job);
  try {
    for (const [sideName, command] of commands) sides.push(await Side.start(sideName, command(job)));
    await checkAgreement(name, sides);
    // A whole transfer begins cold, as it does for whoever runs it.
    const warmUp = work.kind === "transfer" ? 0 : WARM_UP;
    for (const side of sides) for (let i = 0; i < warmUp; i++) await side.ask({ ask: "run", calls });
    const times = new Map<Side, number[]>(sides.map((side) => [side, []]));
    const results = new Map<Side, unknown>();
    for (let repetition = 1; repetition <= repetitions; repetition++) {
      for (const [i, side] of sides.entries()) {
        const { milliseconds, result } = await side.ask({ ask: "run", calls });
        times.get(side)!.push(milliseconds!);
        results.set(side, result);
        onShare((repetition - 1 + (i + 1) / sides.length) / repetitions);
      }
    }
    const measured = await Promise.all(
      sides.map(async (side): Promise<Measurement> => {
        const { megabytes } = await side.ask({ ask: "memory" });
        return {
          name: side.name,
          milliseconds: median(times.get(side)!),
          megabytes: megabytes ?? undefined,
          versions: side.versions,
          result: results.get(side),
        };
      }),
    );
    const [ours, ...peers] = measured;
    return { ours: ours!, peers };
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

async function checkAgreement(name: string, [ours, ...peers]: Side[]): Promise<void> {
  const { values: expected } = await ours!.ask({ ask: "check" });
  for (const peer of peers) {
    const { values } = await peer.ask({ ask: "check" });
    const difference = relativeDifference(values!, expected!);
    if (!(difference <= TOLERANCE)) {
      throw new Error(
        `${name}: ${peer.name} computes something else than ${ours!.name}; they differ by ${difference.toPrecision(2)} of the largest number, so their times can't be compared.`,
      );
    }
  }
}

/** The largest difference between two rows of numbers, relative to the largest magnitude; NaN where one is. */
export function relativeDifference(values: readonly number[], expected: readonly number[]): number {
  if (values.length !== expected.length) return Number.NaN;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i]!) / largest), 0);
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

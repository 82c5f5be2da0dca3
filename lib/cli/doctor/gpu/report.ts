import type { RuntimeReport } from "../../../node/start-tensorflow";
import { type Agreement, compareChecks, difference, LOSS_TOLERANCE, TOLERANCES } from "./compare";
import type { MemoryReading } from "./memory";
import type { SideResult } from "./side";
import type { Speed } from "./throughput";

/** The losses of one training on the card and on the processor. */
export interface ComparedLosses {
  name: string;
  losses: number[];
  reference: number[];
  largest: number;
  agrees: boolean;
}

/** One kind of work on the card and on the processor's backends. */
export interface ComparedSpeed extends Speed {
  /** Milliseconds of the same work on other backends, by their names. */
  others: Record<string, number>;
}

/** What the test found, as it is written to a file. */
export interface GpuReport {
  date: string;
  /** `git` commit or version of what was tested. */
  version: string;
  system: Record<string, string>;
  card: RuntimeReport;
  /** The backend that numbers are compared with. */
  reference: RuntimeReport;
  tolerances: typeof TOLERANCES & { losses: number };
  checks: Agreement[];
  /** The kernels of TensorFlow.js that ran in the checks on the card. */
  kernels: string[];
  losses: ComparedLosses[];
  memory: MemoryReading[];
  memoryIsFlat: boolean;
  speeds: ComparedSpeed[];
  /** Whether the card's process ended by itself, without a signal or an error. */
  endedCleanly: boolean;
  passed: boolean;
}

/** The sides of the test, as their processes wrote them. */
export interface Sides {
  card: SideResult;
  endedCleanly: boolean;
  reference: SideResult;
  /** Backends of the processor whose speed was measured. */
  timed: readonly SideResult[];
}

/** The most that memory may grow between two readings, relative to the first. */
const GROWTH = 0.02;

/** Puts together what the sides found. */
export function makeReport(
  { card, endedCleanly, reference, timed }: Sides,
  about: Pick<GpuReport, "date" | "version" | "system">,
): GpuReport {
  const checks = compareChecks(card.checks ?? [], reference.checks ?? []);
  const losses = (reference.losses ?? []).map(({ name, values }) => {
    const own = card.losses?.find((each) => each.name === name)?.values ?? [];
    const { largest } = difference(own, values);
    return { name, losses: own, reference: values, largest, agrees: largest <= LOSS_TOLERANCE };
  });
  const memory = card.memory ?? [];
  const memoryIsFlat = isFlat(memory);
  const speeds = (card.speeds ?? []).map((speed) => ({
    ...speed,
    others: Object.fromEntries(
      timed.flatMap(({ runtime, speeds }) => {
        const same = speeds?.find(({ name }) => name === speed.name);
        return same ? [[runtime.backend, same.milliseconds] as const] : [];
      }),
    ),
  }));
  const passed =
    endedCleanly &&
    memoryIsFlat &&
    checks.length > 0 &&
    losses.length > 0 &&
    [...checks, ...losses].every(({ agrees }) => agrees);
  return {
    ...about,
    card: card.runtime,
    reference: reference.runtime,
    tolerances: { ...TOLERANCES, losses: LOSS_TOLERANCE } as GpuReport["tolerances"],
    checks,
    kernels: card.kernels ?? [],
    losses,
    memory,
    memoryIsFlat,
    speeds,
    endedCleanly,
    passed,
  };
}

/** Whether neither tensors nor the device's bytes grow from the first reading to the last. */
function isFlat(memory: readonly MemoryReading[]): boolean {
  const [first, last] = [memory[0], memory.at(-1)];
  if (!first || !last || first === last) return false;
  return last.tensors <= first.tensors && (last.deviceBytes ?? 0) <= (first.deviceBytes ?? 0) * (1 + GROWTH);
}

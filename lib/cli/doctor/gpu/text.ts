import { terminalTable } from "../../../display/cells/table";
import type { GpuReport } from "./report";

/** The report as a person reads it. */
export function describeReport(report: GpuReport): string {
  const { card, reference, checks, losses, memory, kernels, endedCleanly, memoryIsFlat, passed } = report;
  const kind = card.software ? "SOFTWARE ADAPTER, no graphics card" : "graphics card";
  const failed = checks.filter(({ agrees }) => !agrees);
  const worst = (of: string) =>
    checks
      .filter((check) => check.kind === of && check.agrees)
      .reduce((most, { largest = 0, root = 0 }) => Math.max(most, of === "network" ? root : largest), 0);
  const numerics = Object.entries(report.tolerances).flatMap(([of, tolerance]) => {
    if (typeof tolerance === "number") return [];
    const own = checks.filter((check) => check.kind === of);
    const agreeing = own.filter(({ agrees }) => agrees).length;
    return [
      `  ${of}s: ${agreeing} of ${own.length} agree; of these the ${tolerance.measure === "root" ? "root mean square" : "largest"} ` +
        `difference is ${worst(of).toExponential(1)} (accepted: ${tolerance.most.toExponential(0)})`,
    ];
  });
  const last = memory.at(-1);
  return [
    `${kind}: ${card.summary}`,
    `compared with: ${reference.summary}`,
    `${report.date}, version ${report.version}, ${Object.entries(report.system)
      .map(([what, value]) => `${what} ${value}`)
      .join(", ")}`,
    "",
    `Numbers, forward and gradient (${kernels.length} kernels):`,
    ...numerics,
    ...failed.map(
      ({ name, failure, largest, root }) =>
        `  ✖ ${name}: ${failure?.split("\n")[0] ?? `largest ${largest?.toExponential(1)}, root ${root?.toExponential(1)}`}`,
    ),
    "",
    "Losses of the first steps:",
    ...losses.map(
      ({ name, agrees, largest, losses: own }) =>
        `  ${agrees ? "✔" : "✖"} ${name}: ${own[0]?.toFixed(4)} → ${own.at(-1)?.toFixed(4)} in ${own.length} steps, ` +
        `at most ${largest.toExponential(1)} from the reference`,
    ),
    "",
    last
      ? `Memory ${memoryIsFlat ? "is flat" : "GROWS"}: ${memory
          .map(({ deviceBytes }) => `${((deviceBytes ?? 0) / 1e6).toFixed(1)}`)
          .join(", ")} MB on the device after ${memory.map(({ steps }) => steps).join(", ")} steps`
      : "Memory was not read.",
    `The process ended ${endedCleanly ? "cleanly" : "with an error or a signal"}.`,
    "",
    speedTable(report),
    "",
    passed ? "Passed." : "Not passed.",
  ].join("\n");
}

function speedTable({ speeds }: GpuReport): string {
  const others = [...new Set(speeds.flatMap((speed) => Object.keys(speed.others)))];
  return terminalTable(
    speeds.map(({ name, milliseconds, javascript, images, others: times }) => ({
      work: name,
      "card, ms": milliseconds.toFixed(2),
      "of it JavaScript": javascript === undefined ? "" : javascript.toFixed(2),
      "images/s": images ? (images / (milliseconds / 1000)).toFixed(0) : "",
      ...Object.fromEntries(
        others.flatMap((other) => {
          const time = times[other];
          return [
            [`${other}, ms`, time?.toFixed(1) ?? "–"],
            [`${other} ÷ card`, time ? (time / milliseconds).toFixed(2) : "–"],
          ];
        }),
      ),
    })),
  );
}

import type { OperationTime } from "../../graph/profile";

/**
 * What TensorFlow's executor logs of the operations that it runs (the variable `TF_CPP_VMODULE=executor=2`), in
 * microseconds: the graph as TensorFlow has rewritten it, fused and without what nobody needs.
 */
const LINE =
  /^I\d+ [\d:]+:(\d+\.\d+) .*(Process node|Synchronous kernel done|Async kernel done): (\d+) step (-?\d+) \{\{node [^}]*\}\} = (\w+)/;

/**
 * Mean times of the operations in the last steps that a log holds, by kind, longest first. Operations that run at
 * the same time count fully each; let TensorFlow run one at a time (`TF_NUM_INTEROP_THREADS=1`).
 */
export function operationTimes(log: string, steps: number): OperationTime[] {
  const begun = new Map<string, number>();
  const byStep = new Map<string, { kind: string; milliseconds: number }[]>();
  for (const line of log.split("\n")) {
    const [, seconds, event, node, step, kind] = LINE.exec(line) ?? [];
    if (!seconds || !step || !kind) continue;
    const key = `${step} ${node}`;
    if (event === "Process node") {
      begun.set(key, Number(seconds));
      continue;
    }
    const milliseconds = (Number(seconds) - begun.get(key)!) * 1000;
    byStep.set(step, [...(byStep.get(step) ?? []), { kind, milliseconds }]);
  }
  const last = [...byStep.values()].slice(-steps);
  const times = new Map<string, OperationTime>();
  for (const { kind, milliseconds } of last.flat()) {
    const time = times.get(kind) ?? { kind, count: 0, milliseconds: 0 };
    time.count += 1 / last.length;
    time.milliseconds += milliseconds / last.length;
    times.set(kind, time);
  }
  return [...times.values()].sort((a, b) => b.milliseconds - a.milliseconds);
}

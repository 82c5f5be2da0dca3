import * as os from "node:os";

/** How long the processors are watched, in milliseconds. */
const WATCHED = 500;

/** The share of all processors' time that other programs take now, 0 … 1, while this one only waits. */
export async function busyShare(): Promise<number> {
  const before = processorTimes();
  await new Promise((resolve) => setTimeout(resolve, WATCHED));
  const after = processorTimes();
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}

function processorTimes(): { idle: number; total: number } {
  const times = os.cpus().map(({ times }) => times);
  return {
    idle: times.reduce((sum, { idle }) => sum + idle, 0),
    total: times.reduce((sum, each) => sum + Object.values(each).reduce((a, b) => a + b, 0), 0),
  };
}

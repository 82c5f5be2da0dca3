import { setImmediate } from "node:timers/promises";
import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { startTensorFlow } from "../node/start-tensorflow";
import { describeDuration } from "../runtime/progress";
import { CleanRoom } from "./fuzz/clean-room";
import { type FuzzOptions, HELP, readOptions } from "./fuzz/options";
import { scriptOf } from "./fuzz/script";
import { checkNumber, shrink, sortOf } from "./fuzz/search";
import { runMain } from "./run-main";

/** How long a program that differs is made smaller. */
const SHRINKING_SECONDS = 60;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return;
  }
  const { summary } = await startTensorFlow("native");
  console.log(`${summary}; programs of seed ${options.seed}, from number ${options.first}`);
  const differing = await run(options);
  if (differing > 0) process.exitCode = 1;
}

/** Runs the programs and returns how many differ. */
async function run({ programs, seed, first }: FuzzOptions): Promise<number> {
  let interrupted = false;
  process.once("SIGINT", () => {
    interrupted = true;
  });
  const started = performance.now();
  const room = new CleanRoom();
  const onProgress = terminalProgress("programs");
  const differing = new Map<string, number[]>();
  let nearTies = 0;
  let done = 0;
  while (done < programs && !interrupted) {
    const number = first + done;
    const verdict = checkNumber(seed, number, room);
    if (verdict.kind === "near a tie") nearTies++;
    if (verdict.kind === "different") {
      const sort = sortOf(verdict.what);
      const numbers = differing.get(sort) ?? [];
      differing.set(sort, [...numbers, number]);
      if (numbers.length === 0) {
        endProgressLine();
        console.log(`\n${scriptOf(shrink(seed, number, room, SHRINKING_SECONDS), seed)}`);
      }
    }
    done++;
    onProgress(done, programs);
    // Lets Ctrl-C be heard.
    await setImmediate();
  }
  endProgressLine();
  const count = [...differing.values()].flat().length;
  const milliseconds = performance.now() - started;
  console.log(
    `${done} programs in ${describeDuration(milliseconds)}: ${count} differ, ${nearTies} lie near a tie, where rounding decides.`,
  );
  for (const [sort, numbers] of differing) console.log(`${numbers.length} × ${sort}…: ${numbers.join(", ")}`);
  return count;
}

runMain(main);

import { setImmediate } from "node:timers/promises";
import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { runMain } from "./run-main";
import { candidates, chosen } from "./simulate/candidates";
import { committedWorlds } from "./simulate/committed-worlds";
import { HELP, readOptions } from "./simulate/options";
import { faultOf, heading, rowOf } from "./simulate/report";
import { tryMethods } from "./simulate/trial";
import { lessons, promised } from "./simulate/worlds";

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    console.log(HELP);
    return;
  }
  const methods = options.chosen ? [chosen] : [...candidates.keys()];
  const fitted = committedWorlds();
  const worlds = options.fitted ? [...fitted] : [...fitted, ...promised, ...lessons];
  const onProgress = terminalProgress("simulated tables");
  const total = worlds.length * options.experiments;
  let done = 0;
  const faults: string[] = [];
  for (const [name, world] of worlds) {
    const outcomes = await tryMethods(world, { ...options, methods }, async () => {
      onProgress(++done, total);
      // Lets Ctrl-C be heard.
      await setImmediate();
    });
    endProgressLine();
    console.log(`\n${heading(name, options.experiments)}`);
    for (const outcome of outcomes) console.log(rowOf(outcome));
    const ours = outcomes.find(({ method }) => method === chosen);
    if (!lessons.has(name) && ours) faults.push(...faultOf(name, ours, options.experiments));
  }
  if (!options.fitted)
    console.log(
      "\nThe last world stands outside the promise: what things teach differs, and no interval from one set of things sees it.\n" +
        "The check on halves does: its standard deviation is above 1.",
    );
  if (faults.length === 0) return;
  console.error(`\n${faults.join("\n")}`);
  process.exitCode = 1;
}

runMain(main);

import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { checkHalves } from "../experiments/halves/halves";
import { readChoices } from "../experiments/scene-tables/choices";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../node/load-scene-collection";
import { startTensorFlow } from "../node/start-tensorflow";
import { HELP, readOptions } from "./halves/options";
import { runMain } from "./run-main";

async function main(): Promise<void> {
  const { help, halvings } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  console.log((await startTensorFlow()).summary);
  const collection = await loadSceneCollection();
  const backbone = await loadEfficientNetLite0();
  const checked = await checkHalves(
    { collection, backbone, choices: readChoices(), halvings },
    terminalProgress("halves"),
  );
  endProgressLine();
  const points = (share: number) => (100 * share).toFixed(1);
  for (const { comparison, halves, agreement } of checked) {
    console.log(`\n${comparison.join(" − ")}, in points`);
    for (const [first, second] of halves) {
      const of = ({ difference, standardError }: typeof first) =>
        `${points(difference)} (standard error ${points(standardError)})`;
      console.log(`  ${of(first)} and ${of(second)}`);
    }
    const { standardDeviation, lower, upper } = agreement;
    console.log(
      `  difference over its claimed standard error: standard deviation ${standardDeviation.toFixed(2)}, 95 % interval ${lower.toFixed(2)} … ${upper.toFixed(2)}`,
    );
  }
}

runMain(main);

import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { ALIKE, type SeamResult, testSeams } from "../experiments/scene-seams/index";
import { asCsv, rowsFile, writeFiles } from "../experiments/table-files";
import { loadEfficientNetLite0 } from "../node/load-efficientnet-lite0";
import { loadSceneCollection } from "../node/load-scene-collection";
import { UserError } from "../runtime/user-error";
import { runMain } from "./run-main";
import { HELP, readOptions, SCENES_PER_GROUP } from "./seams/options";

const TITLES = {
  box: "the box alone",
  edge: "statistics along the edge",
  tokens: "tokens of a frozen network",
};

async function main(): Promise<void> {
  const { help, scenesPerGroup } = readOptions(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return;
  }
  const [collection, backbone] = [await loadSceneCollection(), await loadEfficientNetLite0()];
  const results = await testSeams(collection, backbone, scenesPerGroup, terminalProgress("items"));
  endProgressLine();
  console.log(`Area under the curve, targets against distractors, ${results[0]!.pairs} pairs:`);
  for (const { features, area, lower, upper } of results)
    console.log(
      `  ${TITLES[features].padEnd(28)} ${area.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}]`,
    );
  // Fewer scenes can't keep the promise, and their numbers are not the committed ones.
  if (scenesPerGroup !== SCENES_PER_GROUP) return;
  await writeFiles(new Map([[rowsFile({ name: "scene-seams" }), asCsv(results.map(rowOf))]]));
  const told = results.filter(({ lower, upper }) => lower < ALIKE.least || upper > ALIKE.most);
  if (told.length === 0) return;
  throw new UserError(
    `Targets may be told from distractors by ${told.map(({ features }) => TITLES[features]).join(" and ")}: ` +
      `an interval reaches out of ${ALIKE.least} … ${ALIKE.most}. Look for what the two have different in lib/datasets/scenes.`,
  );
}

function rowOf({ features, pairs, ...curve }: SeamResult) {
  const { area, lower, upper } = curve;
  return { features, pairs, area: area.toFixed(4), lower: lower.toFixed(4), upper: upper.toFixed(4) };
}

runMain(main);

import { endProgressLine, terminalProgress } from "../display/cells/progress";
import { lineName } from "../experiments/scene-tables/answers";
import { Choices, choicesCsv, choicesFile, readChoices } from "../experiments/scene-tables/choices";
import { chooseRates } from "../experiments/scene-tables/choose";
import { ALL_LINES } from "../experiments/scene-tables/tables";
import { writeAtomically } from "../node/files";
import { HELP, readOptions } from "./choose/options";
import { runMain } from "./run-main";

async function main(): Promise<void> {
  const { help, again, lines } = readOptions(process.argv.slice(2), ALL_LINES);
  if (help) {
    console.log(HELP);
    return;
  }
  const known = readChoices().trials;
  const names = new Set(lines.map(lineName));
  const kept = new Choices(again ? known.filter((trial) => !names.has(lineName(trial))) : known);
  const choices = await chooseRates(
    lines,
    kept,
    (trials) => writeAtomically(choicesFile(), choicesCsv(trials)),
    terminalProgress("trials"),
  );
  endProgressLine();
  // Trials that ended at the same moment may have been written in the other order.
  await writeAtomically(choicesFile(), choicesCsv(choices));
  for (const line of lines) {
    const [best, ...others] = choices.candidates(line);
    const said = [best!, ...others].map(({ rates, accuracy }) => {
      const { headLearningRate, stageLearningRate } = rates;
      return `${stageLearningRate ?? headLearningRate}: ${(accuracy * 100).toFixed(1)} %`;
    });
    console.log(`${lineName(line)}: ${said.join(", ")}`);
  }
}

runMain(main);

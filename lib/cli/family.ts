import { attentionFamily } from "../attention/family";
import { pageWith, staleFiles, tablesPage, writeFiles } from "../experiments/table-files";
import { startTensorFlow } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";
import { ATTENTION_HEADS, ATTENTION_UNITS, controlUnits, probingQueries } from "../transfer/pooling-choice";
import { HELP, readOptions } from "./family/options";
import { familyTables } from "./family/tables";
import { runMain } from "./run-main";

/** The middle-layer tokens of the backbone and the classes of the cut-outs: the sizes of the first table. */
const layers = { channels: 112, classes: 8, units: ATTENTION_UNITS };
const SIZES = {
  ...layers,
  positions: 196,
  heads: ATTENTION_HEADS,
  queries: probingQueries(layers.channels),
  controlUnits: controlUnits({ ...layers, attentionUnits: ATTENTION_UNITS }),
};

async function main(): Promise<void> {
  const mode = readOptions(process.argv.slice(2));
  if (mode === "help") {
    console.log(HELP);
    return;
  }
  // Layers are only built, not run.
  await startTensorFlow("cpu");
  const files = pageWith(tablesPage(), { "table attention-family": familyTables(attentionFamily, SIZES) });
  if (mode === "write") await writeFiles(files);
  else if (staleFiles(files).length > 0) {
    throw new UserError(
      "The tables of the attention family in data/reference/README.md don't follow from the layers. Run `npm run family` and commit what it writes.",
    );
  }
  console.log(`attention-family: the tables ${mode === "write" ? "are written" : "follow from the layers"}.`);
}

runMain(main);

import { groupCount } from "../../datasets/scenes/layout";
import { randomStream } from "../../runtime/random";
import type {
  ExampleSheet,
  Experiment,
  Extent,
  Report,
  Row,
  RowAgain,
  RunOptions,
  RunOutcome,
} from "../experiment";
import { asCsv } from "../table-files";
import { ANSWER_COLUMNS, ANSWER_NAMES, CHANGING_COLUMNS } from "./answer-rows";
import { photographRowsFile, readPhotographRows } from "./judge-photographs";
import type { SceneLine } from "./line";
import { PHOTOGRAPH_COLUMNS, photographAnswers } from "./photograph-answers";
import { computeAgain, runTable, TABLE_REPEATS } from "./run-table";
import { readTestedThings, type TestedThing, testedThingsCsv, testedThingsFile } from "./tested-things";

/** A table on scenes: its lines, and what is said of their answers. */
export interface SceneTable {
  name: string;
  title: string;
  lines: readonly SceneLine[];
  report(rows: readonly Row[], tested: readonly TestedThing[], photographs: readonly Row[]): Report;
  /** Pictures, where the models of the runs are on this machine. */
  examples?(rows: readonly Row[]): Promise<ExampleSheet | undefined>;
}

/** Runs that a spot check makes again, all on one fold. */
const SPOT_RUNS = 4;

/** An experiment of a table on scenes. */
export function sceneExperiment({ name, title, lines, report, examples }: SceneTable): Experiment {
  return {
    name,
    title,
    columns: ANSWER_COLUMNS,
    names: ANSWER_NAMES,
    report: (rows) => report(rows, readTestedThings(), readPhotographRows(name)),
    async run({ committed, onRows, onProgress }: RunOptions): Promise<RunOutcome> {
      const wanted = { repeats: TABLE_REPEATS, committed };
      const { rows, tested } = await runTable(lines, wanted, onRows, { onProgress });
      const photographs = await photographAnswers(rows, readPhotographRows(name), onProgress);
      const files = new Map([
        [testedThingsFile(), testedThingsCsv(tested)],
        [photographRowsFile(name), asCsv(photographs, PHOTOGRAPH_COLUMNS)],
      ]);
      return { rows, examples: await examples?.(rows), files };
    },
    again: {
      run: (extent, options) => runAgain(lines, extent, options),
      changing: CHANGING_COLUMNS,
      seconds:
        TABLE_REPEATS.length *
        groupCount *
        lines.reduce((sum, { typicalSeconds }) => sum + typicalSeconds, 0),
    },
  };
}

async function runAgain(
  lines: readonly SceneLine[],
  extent: Extent,
  { committed, onProgress }: RunOptions,
): Promise<RowAgain[]> {
  // What a spot check looks at is another each time.
  if (extent === "spot check")
    return computeAgain(lines, committed, SPOT_RUNS, randomStream(Date.now(), "spot check"));
  const [first] = TABLE_REPEATS;
  const { rows } = await runTable(lines, { repeats: [first], committed: [] }, async () => {}, { onProgress });
  const byName = new Map(committed.map((row) => [String(row.run), row]));
  return rows.flatMap((now) => {
    const row = byName.get(String(now.run));
    return row ? [{ committed: row, now }] : [];
  });
}

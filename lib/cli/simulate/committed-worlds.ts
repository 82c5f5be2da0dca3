import { groupCount } from "../../datasets/scenes/layout";
import { frozenVersusFineTuned } from "../../experiments/frozen-versus-fine-tuned";
import { answersOf, lineName, wholeRepeats } from "../../experiments/scene-tables/answers";
import { REGIME_LINES, REGIMES } from "../../experiments/scene-tables/tables";
import { readTestedThings } from "../../experiments/scene-tables/tested-things";
import { readRows } from "../../experiments/table-files";
import { fittedWorld } from "./fitted-world";
import type { World } from "./world";

/**
 * Worlds like the committed answers of frozen versus fine-tuned, one a regime: what decides there how wide an interval is,
 * such as things, training anew, and backgrounds, differs between them.
 * @throws UserError where the answers are missing or unreadable
 */
export function committedWorlds(): Map<string, World> {
  const rows = wholeRepeats(readRows(frozenVersusFineTuned), REGIME_LINES, groupCount);
  const table = answersOf(rows, readTestedThings(), "cells");
  return new Map(
    REGIMES.map((regime) => {
      const measured = REGIME_LINES.filter((line) => line.regime === regime).map(lineName);
      // The trial's comparisons are between five lines.
      const lines = [...measured, lineName(REGIME_LINES[0]!)];
      return [`as in the answers of the ${regime}`, fittedWorld(table, lines)];
    }),
  );
}

import * as path from "node:path";
import type { Experiment, Row, RowAgain } from "../../experiments/experiment";
import { asCsv, rowsFile } from "../../experiments/table-files";
import { projectFolder } from "../../node/files";
import { UserError } from "../../runtime/user-error";

/**
 * Says how many runs that were computed again have the committed digits.
 * @throws UserError naming those that have others
 */
export function comparedAgain(experiment: Experiment, pairs: readonly RowAgain[]): string {
  const { columns, again } = experiment;
  const compared = columns.filter((column) => !again!.changing.includes(column));
  const textOf = (row: Row) => asCsv([row], compared);
  const other = pairs.filter(({ committed, now }) => textOf(committed) !== textOf(now));
  const file = path.relative(projectFolder(), rowsFile(experiment));
  if (pairs.length === 0)
    return `${experiment.name}: ${file} holds none of today's runs, so there is nothing to hold them against.`;
  if (other.length === 0) {
    return `${experiment.name}: ${pairs.length} of ${pairs.length} runs that were computed again equal those in ${file}, digit for digit.`;
  }
  const names = other.map(({ now }) => {
    const differing = compared.filter((column) => String(now[column]) !== String(nowOf(pairs, now)[column]));
    return `${now.regime ?? ""}, ${now.pooling ?? ""}, repeat ${now.repeat ?? ""}, fold ${now.fold ?? ""} (${differing.join(", ")})`;
  });
  throw new UserError(
    `${other.length} of ${pairs.length} runs that were computed again differ from those in ${file}: ${names.join("; ")}. ` +
      `On another kind of processor that can be rounding; after a change of code compute the table anew, by \`npm run reproduce -- --only ${experiment.name} --again\`.`,
  );
}

const nowOf = (pairs: readonly RowAgain[], now: Row) => pairs.find((pair) => pair.now === now)!.committed;

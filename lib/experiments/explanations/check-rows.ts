import { UserError } from "../../runtime/user-error";
import type { Row } from "../experiment";
import { numbersOf } from "../report-cells";
import { CHECKS, type LineName, MEASURES, type Measure, REGIMES, SEEDS } from "./grid";
import { IMAGES, METHODS } from "./plan";

/** The lines of the table, in their order. */
export function linesOf(): LineName[] {
  return REGIMES.flatMap((regime) => METHODS.map((method) => ({ regime: regime.name, method: method.name })));
}

/** The rows of one line, in the order of the file. */
export function rowsOf(rows: readonly Row[], line: LineName): Row[] {
  return rows.filter(({ regime, method }) => regime === line.regime && method === line.method);
}

const REMEDY = "Run `npm run reproduce -- --only explanations` to make the table again.";

/**
 * Every line of the table must be there once for every seed, in the seeds' order: comparisons pair them.
 * @throws UserError naming the line, what is wrong with it and the remedy
 */
export function checkComplete(rows: readonly Row[]): void {
  for (const line of linesOf()) {
    const own = rowsOf(rows, line);
    const seeds = numbersOf(own, "seed");
    if (seeds.join() !== SEEDS.join()) {
      throw new UserError(
        `The rows of "${line.regime}, ${line.method}" are for the seeds ${seeds.join(", ") || "(none)"} instead of ` +
          `${SEEDS.join(", ")}. ${REMEDY}`,
      );
    }
    const unreadable = [...MEASURES, ...CHECKS].find((measure) => !isReadable(own, measure, line));
    const column = numbersOf(own, "images").every((images) => images === IMAGES)
      ? unreadable?.column
      : "images";
    if (column) {
      throw new UserError(`A field ${column} of "${line.regime}, ${line.method}" can't be read. ${REMEDY}`);
    }
  }
  const expected = linesOf().length * SEEDS.length;
  if (rows.length !== expected) {
    throw new UserError(`The table has ${rows.length} rows instead of ${expected}. ${REMEDY}`);
  }
}

/** Whether a measure is asked of a line: what is asked of attention itself leaves the fields of the others empty. */
function applies({ column }: Measure, { method }: LineName): boolean {
  return method === "attention" || !CHECKS.some((check) => check.column === column);
}

function isReadable(rows: readonly Row[], measure: Measure, line: LineName): boolean {
  if (!applies(measure, line)) return rows.every((row) => row[measure.column] === "");
  const [least, most] = measure.range;
  return numbersOf(rows, measure.column).every((value) => value >= least && value <= most);
}

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Experiment } from "../../experiments/experiment";
import { rowsFile } from "../../experiments/table-files";
import { dataFolder, projectFolder } from "../../node/files";
import { UserError } from "../../runtime/user-error";

/**
 * Says whether what was expected of a table was written before its rows: its last change is older than the first commit
 * of rows with today's columns.
 * @throws UserError where it is younger
 */
export function expectationAge(experiment: Experiment): string {
  const { name } = experiment;
  const file = path.join(dataFolder(), "reference", "expectations", `${name}.md`);
  if (!fs.existsSync(file)) return `${name}: no expectation was written down.`;
  const rows = rowsFile(experiment);
  const [columns] = fs.readFileSync(rows, "utf8").split(/\r?\n/);
  const written = commitTimes(["-1"], file)[0];
  const computed = commitTimes(["--reverse", `-S${columns}`], rows)[0];
  if (written === undefined || computed === undefined)
    return `${name}: no git history is here that says whether the expectation is older than the rows.`;
  if (written <= computed) return `${name}: the expectation is older than the rows.`;
  throw new UserError(
    `${path.relative(projectFolder(), file)} was changed after the first rows of its table were committed. Bring the version back that is older: an expectation is written before the result.`,
  );
}

/** Seconds of the commits that touch a file; none where there is no git or no history. */
function commitTimes(options: readonly string[], file: string): number[] {
  try {
    const text = execFileSync("git", ["log", "--format=%ct", ...options, "--", file], {
      cwd: projectFolder(),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return text.split("\n").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

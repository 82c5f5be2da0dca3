import { UserError } from "../../runtime/user-error";
import { parseOptions } from "../options";
import { type BenchCase, CASES } from "./cases";

export const HELP = `npm run bench                      time every case against PyTorch and onnxruntime; write data/reference/bench*
npm run bench -- --only CASE       time one case; its rows replace the earlier ones of the same machine
npm run bench -- --profile         which operations one training step is made of, how often, how long
npm run bench -- --profile --only CASE   the same of another step, or of the forward pass
npm run bench -- --check           time nothing; fail where the page or the figure does not follow from the rows

Cases: ${CASES.map(({ name }) => name).join(", ")}.
The peers are installed into .venv-bench when they are first needed. Leave the machine alone while
it runs: about a quarter of an hour on two cores.
`;

/** The step that is taken apart when none is named. */
const PROFILED = "last-stage-step-32";

export interface BenchOptions {
  mode: "time" | "profile" | "check" | "help";
  cases: readonly BenchCase[];
  /** Whether only some of the cases were asked for. */
  partial: boolean;
}

/** @throws UserError for an unknown option or case, or a case that can't be profiled. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { help, check, profile, only } = parse(args);
  if (check && !help && (profile || only !== undefined)) {
    throw new UserError("--check computes nothing and looks at all cases: leave the other options out.");
  }
  const mode = help ? "help" : check ? "check" : profile ? "profile" : "time";
  const wanted = only ?? (profile ? PROFILED : undefined);
  const cases = CASES.filter(({ name }) => wanted === undefined || name === wanted);
  if (cases.length === 0) {
    throw new UserError(
      `There is no case "${only}". Choose one of: ${CASES.map(({ name }) => name).join(", ")}.`,
    );
  }
  const [first] = cases;
  if (mode === "profile" && first!.work.kind !== "step" && first!.work.kind !== "forward") {
    throw new UserError(
      `The case ${first!.name} is no single step; profile one of the steps or a forward pass.`,
    );
  }
  return { mode, cases, partial: only !== undefined };
}

function parse(args: readonly string[]) {
  return parseOptions("npm run bench", args, {
    help: { type: "boolean", short: "h" },
    check: { type: "boolean" },
    profile: { type: "boolean" },
    only: { type: "string" },
  });
}

// `npm test` and `npm run test:all`: the checks of the project, in stages; package.json has the set-up run before.
import { readOptions, usage } from "./options.mjs";
import { failed } from "./stage.mjs";
import { stages } from "./stages.mjs";

/**
 * @param {Set<string>} only names of the stages that were asked for
 * @param {import("./stage.mjs").Scope} scope
 * @returns {Promise<boolean>} whether nothing failed
 */
async function check(only, scope) {
  // What a stage needs runs before it even if it was not asked for: tests of an old compile would mislead.
  const needed = new Set(stages.filter((stage) => only.has(stage.name)).flatMap((stage) => stage.needs));
  const chosen = stages.filter((stage) => only.has(stage.name) || needed.has(stage.name));
  /** @type {Map<string, import("./stage.mjs").Outcome>} */
  const outcomes = new Map();
  const summary = [];
  for (const { name, title, needs, run } of chosen) {
    console.log(`\n━━ ${name}: ${title}`);
    const obstacle = needs.find((need) => (outcomes.get(need)?.failed ?? 0) > 0);
    const startedAt = performance.now();
    const outcome = obstacle
      ? { passed: 0, failed: 0, skipped: `${obstacle} failed` }
      : await run(scope).catch(showAndFail);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    outcomes.set(name, outcome);
    const words = outcome.skipped
      ? `not run: ${outcome.skipped}`
      : `${outcome.passed} passed, ${outcome.failed} failed`;
    console.log(`   ${words} · ${seconds} s`);
    summary.push(
      `${outcome.failed > 0 ? "✖" : outcome.skipped ? "–" : "✔"} ${name.padEnd(10)} ${words} · ${seconds} s`,
    );
  }
  const total = (/** @type {"passed" | "failed"} */ kind) =>
    [...outcomes.values()].reduce((sum, outcome) => sum + outcome[kind], 0);
  console.log(`\n━━ summary\n${summary.join("\n")}\n\n${total("passed")} passed, ${total("failed")} failed`);
  return total("failed") === 0;
}

/**
 * A stage that breaks down counts as failed; the stages after it still run.
 *
 * @param {Error} error
 */
function showAndFail(error) {
  console.log(error.stack ?? error.message);
  return failed;
}

const options = readOptions(process.argv.slice(2), stages);
if ("help" in options) {
  console.log(usage);
} else if ("mistake" in options) {
  console.error(options.mistake);
  process.exitCode = 1;
} else if (!(await check(options.only, { all: options.all }))) {
  process.exitCode = 1;
}

import assert from "node:assert/strict";
import { test } from "node:test";
import { randomStream } from "../../runtime/random";
import { chosen } from "./candidates";
import { readOptions } from "./options";
import { type Outcome, tryMethods } from "./trial";
import { experimentIn, lawsOf, type World } from "./world";
import { lessons, promised } from "./worlds";

const small = (world: World): World => ({
  ...world,
  things: 80,
  scenes: 2,
  accuracies: [0.21, 0.32, 0.39, 0.5, 0.13],
});

const tried = async (world: World, method = chosen, experiments = 24): Promise<Outcome> =>
  (await tryMethods(world, { experiments, seed: 1, methods: [method] }))[0]!;

// Coverage and power are means over six comparisons in each of 40 tables: standard errors of some two points there, three in 24 tables.

test("a simulated world has the accuracies that it is said to have, and the same seed gives the same table", () => {
  const laws = lawsOf(
    { ...promised.get("as scouted")!, things: 4000, backgrounds: 2000, distractors: 2000 },
    randomStream(1, "laws"),
  );
  const table = experimentIn(laws, randomStream(2, "answers"));
  for (const [line, values] of table.lines) {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // Folds and repeats are few whatever the number of things.
    assert.ok(Math.abs(mean - laws.truth[Number(line)]!) < 0.03, `${line}: ${mean}`);
  }
  assert.deepEqual(experimentIn(laws, randomStream(2, "answers")), table);
});

test("the library's intervals hold the truth about as often as they say, and find what they say they find", async () => {
  const { coverage, together, power, claimedToTrue, halves } = await tried(
    small(promised.get("as scouted")!),
  );
  assert.ok(coverage > 0.91 && coverage < 0.99, `one interval: ${coverage}`);
  assert.ok(together > 0.87, `all together: ${together}`);
  assert.ok(power! > 0.7 && power! < 0.9, `power: ${power}`);
  assert.ok(claimedToTrue > 0.85 && claimedToTrue < 1.2, `standard error: ${claimedToTrue}`);
  assert.ok(halves > 0.8 && halves < 1.2, `halves: ${halves}`);
});

test("where folds differ much, resampling things alone promises too much, and the chosen method does not", async () => {
  const world = small(promised.get("folds differ")!);
  const [alone, both] = [await tried(world, "bootstrap of things"), await tried(world)];
  assert.ok(alone.coverage < both.coverage - 0.02, `${alone.coverage} against ${both.coverage}`);
  assert.ok(
    alone.claimedToTrue < 0.9 * both.claimedToTrue,
    `${alone.claimedToTrue} against ${both.claimedToTrue}`,
  );
});

test("the check on halves sees what no interval from one set of things can: that things differ in what they teach", async () => {
  const [world] = [...lessons.values()];
  const strong = { shared: 0, own: 0.03 };
  const outcome = await tried({ ...small(world!), components: { ...world!.components, lesson: strong } });
  assert.ok(outcome.halves > 1.3, `halves: ${outcome.halves}`);
  assert.ok(outcome.coverage < 0.9, `coverage: ${outcome.coverage}`);
});

test("options of the command are read, and what is no number is refused", () => {
  assert.deepEqual(readOptions([]), {
    help: false,
    experiments: 1000,
    seed: 1,
    chosen: false,
    fitted: false,
  });
  assert.deepEqual(readOptions(["--experiments", "50", "--seed", "3", "--chosen"]), {
    help: false,
    experiments: 50,
    seed: 3,
    chosen: true,
    fitted: false,
  });
  assert.throws(
    () => readOptions(["--experiments", "5"]),
    /UserError: --experiments takes a whole number, at least 10/,
  );
  assert.throws(() => readOptions(["--methods", "all"]), /UserError: Unknown option '--methods'/);
});

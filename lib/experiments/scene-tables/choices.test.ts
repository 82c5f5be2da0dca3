import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { Choices, choicesCsv, readChoices, type Trial } from "./choices";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "choices-test-"));
after(() => fs.rmSync(folder, { recursive: true }));

const line = { regime: "probe", pooling: "mean" };
const trial = (headRate: number, repeat: number, validationAccuracy: number, validationLoss = 1): Trial => ({
  ...line,
  headRate,
  stageRate: 0,
  repeat,
  bestEpoch: 2,
  validationAccuracy,
  validationLoss,
});

test("the best mean accuracy over both repeats is taken, then the lowest loss; half a trial counts for nothing", () => {
  const trials = [
    trial(1e-3, 100, 0.5),
    trial(1e-3, 101, 0.3),
    trial(3e-3, 100, 0.45),
    trial(3e-3, 101, 0.4, 3),
    trial(1e-2, 100, 0.425, 0.5),
    trial(1e-2, 101, 0.425),
    trial(3e-2, 100, 0.9),
  ];
  const choices = new Choices(trials);
  assert.deepEqual(
    choices.candidates(line).map(({ rates }) => rates.headLearningRate),
    [1e-2, 3e-3, 1e-3],
  );
  assert.deepEqual(choices.ratesOf(line), { headLearningRate: 1e-2 });
  const file = path.join(folder, "choices.csv");
  fs.writeFileSync(file, choicesCsv(choices));
  assert.deepEqual(readChoices(file).ratesOf(line), choices.ratesOf(line));
  assert.equal(choicesCsv(new Choices([...trials].reverse())), choicesCsv(choices));
});

test("it is said where the best step size lies at an end of what was tried", () => {
  const tried = (...accuracies: number[]) =>
    new Choices(
      [1e-3, 3e-3, 1e-2].flatMap((rate, i) => [
        trial(rate, 100, accuracies[i]!),
        trial(rate, 101, accuracies[i]!),
      ]),
    ).isBestAtEnd(line);
  assert.deepEqual([tried(0.5, 0.4, 0.3), tried(0.4, 0.5, 0.3), tried(0.3, 0.4, 0.5)], [true, false, true]);
});

test("a line without a choice is refused with the command that makes it", () => {
  assert.throws(
    () => new Choices([]).ratesOf(line),
    (error) => error instanceof UserError && /npm run choose -- "probe, mean"/.test(error.message),
  );
});

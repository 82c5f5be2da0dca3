import assert from "node:assert/strict";
import { test } from "node:test";
import type { Experiment, Row } from "../../experiments/experiment";
import { frozenVersusFineTuned } from "../../experiments/frozen-versus-fine-tuned";
import { UserError } from "../../runtime/user-error";
import { comparedAgain } from "./compare-again";

const experiment: Experiment = frozenVersusFineTuned;
const row = (fields: Row): Row => ({
  ...Object.fromEntries(experiment.columns.map((column) => [column, "1"])),
  regime: "probe",
  pooling: "mean",
  ...fields,
});

test("equal digits are said, whatever the time; one other digit is an error that names run and column", () => {
  const same = { committed: row({ seconds: "3.0" }), now: row({ seconds: "4.0", repeat: 1 }) };
  assert.match(comparedAgain(experiment, [same, same]), /2 of 2 runs .* equal .*digit for digit/);
  const other = { committed: row({ fold: "4" }), now: row({ fold: 4, validation_accuracy: "0.25" }) };
  assert.throws(
    () => comparedAgain(experiment, [same, other]),
    (error) =>
      error instanceof UserError &&
      /^1 of 2 runs .* differ .*probe, mean, repeat 1, fold 4 \(validation_accuracy\)/.test(error.message),
  );
});

test("where no committed run is today's, nothing is claimed", () => {
  assert.match(comparedAgain(experiment, []), /holds none of today's runs/);
});

import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { readOptions as readPredictOptions } from "../predict/options";
import { readOptions } from "./options";

const refused = (action: () => unknown, words: RegExp) =>
  assert.throws(action, (error) => error instanceof UserError && words.test(error.message));

test("one folder of photographs and options that may come several times, in any order", () => {
  const command = readOptions([
    "--regime",
    "probe",
    "photos",
    "--regime",
    "last-stage",
    "--pooling",
    "hidden mean",
    "--seeds",
    "3",
    "--dry-run",
  ]);
  assert.equal(command.photographs, path.resolve("photos"));
  assert.deepEqual(command.regimes, ["probe", "last stage"]);
  assert.deepEqual(command.poolings, ["hidden mean"]);
  assert.deepEqual([command.seeds, command.seed, command.dryRun, command.skipDamaged], [3, 1, true, false]);
  const plain = readOptions(["photos"]);
  assert.deepEqual(
    [plain.regimes, plain.poolings, plain.device, plain.out],
    [undefined, undefined, undefined, undefined],
  );
});

test("a published set is named by an option, and lies in the folder that is named", () => {
  const { dataset, photographs } = readOptions(["--dataset", "cub200", "CUB_200_2011"]);
  assert.deepEqual([dataset, photographs], ["cub200", path.resolve("CUB_200_2011")]);
  assert.equal(readOptions(["photos"]).dataset, undefined);
});

test("what the command does not know is refused with what it takes", () => {
  refused(() => readOptions([]), /Name one folder.*0 were named/);
  refused(() => readOptions(["one", "two"]), /2 were named/);
  refused(() => readOptions(["photos", "--regime", "whole"]), /--regime takes probe or last stage/);
  refused(() => readOptions(["photos", "--device", "tpu"]), /--device takes one of native/);
  refused(() => readOptions(["photos", "--seeds", "0"]), /--seeds takes a whole number in 1 … 100/);
  refused(() => readOptions(["photos", "--seeds", "1", "--seeds", "2"]), /'--seeds' is given twice/);
  refused(() => readOptions(["photos", "--shine"]), /--shine/);
});

test("a prediction takes a model's folder and photographs", () => {
  const { model, images, json } = readPredictOptions(["out", "a.jpg", "--json", "b.jpg"]);
  assert.deepEqual(
    [model, images, json],
    [path.resolve("out"), ["a.jpg", "b.jpg"].map((name) => path.resolve(name)), true],
  );
  assert.equal(readPredictOptions(["out", "a.jpg", "--backbone", "net.pth"]).backbone, "net.pth");
  refused(() => readPredictOptions(["out"]), /at least one photograph/);
});

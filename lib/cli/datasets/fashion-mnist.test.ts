import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { dataFolder } from "../../node/files";
import { readFashionMnist } from "../../node/published-sets/read-fashion-mnist";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import { bringFashionMnist, type SetPackage } from "./fashion-mnist";
import { readOptions } from "./options";

const top = fs.mkdtempSync(path.join(os.tmpdir(), "fashion-mnist-"));
after(() => fs.rmSync(top, { recursive: true }));

/** See data/golden/datasets/write_fashion_miniature.py. */
const miniature = path.join(dataFolder(), "golden", "datasets", "fashion-miniature.deb");
const wanted: SetPackage = {
  name: "dataset-no-such-package",
  version: "0",
  url: "http://127.0.0.1:9/none.deb",
  megabytes: 1,
  digest: sha256(fs.readFileSync(miniature)),
};

test("the set is taken out of the package, and read", async () => {
  const folder = path.join(top, "set");
  await bringFashionMnist(wanted, { folder, from: miniature });
  assert.equal(fs.readdirSync(folder).length, 4);
  const { classes, training, test: tested } = readFashionMnist(folder);
  assert.equal(classes.length, 10);
  assert.deepEqual([training.rows, training.columns, [...training.labels]], [28, 28, [9, 0]]);
  assert.equal(training.pixels.length, 2 * 28 * 28);
  assert.deepEqual([...training.pixels.subarray(784, 787)], [1, 8, 15]);
  assert.deepEqual([...tested.labels], [3]);
  fs.writeFileSync(path.join(folder, "train-labels-idx1-ubyte.gz"), "spoilt");
  assert.throws(() => readFashionMnist(folder), /train-labels-idx1-ubyte\.gz is damaged/);
  fs.writeFileSync(path.join(folder, "train-labels-idx1-ubyte"), Buffer.from([0, 0, 8, 1, 0, 0, 0, 1, 0]));
  assert.throws(() => readFashionMnist(folder), /does not belong to train-images/);
});

test("another package, a missing file and no network are told", async () => {
  const folder = path.join(top, "none");
  const other = path.join(top, "other.deb");
  fs.writeFileSync(other, "!<arch>\n");
  const refused = (from: string | undefined, reason: RegExp) =>
    assert.rejects(
      bringFashionMnist(wanted, { folder, from }),
      (error) => error instanceof UserError && reason.test(error.message),
    );
  await refused(other, /other\.deb is not version 0 of Debian's package.*SHA-256/);
  await refused(path.join(top, "absent.deb"), /absent\.deb does not exist/);
  await refused(undefined, /could not be reached.*get fashion-mnist --from FILE/);
  assert.throws(() => readFashionMnist(path.join(top, "absent")), /npm run datasets -- get fashion-mnist/);
});

test("the command's words are read", () => {
  assert.deepEqual(readOptions(["get", "fashion-mnist", "--from", "a.deb"]), { from: "a.deb" });
  assert.equal(readOptions(["--help"]), "help");
  for (const words of [[], ["get"], ["get", "mnist"], ["get", "fashion-mnist", "--form", "a"]])
    assert.throws(() => readOptions(words), UserError);
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { findRecord, recordedRun } from "./run-record";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "records-test-"));
after(() => fs.rmSync(folder, { recursive: true }));

const config = { experiment: "test", seed: 1, regime: { name: "probe", epochs: 3 } };

test("a run is made once; the same config in another order of keys finds its record", async () => {
  let runs = 0;
  const run = async () => ({ accuracy: 0.5, runs: ++runs });
  const first = await recordedRun(config, run, folder);
  const reordered = { regime: { epochs: 3, name: "probe" }, seed: 1, experiment: "test" };
  assert.deepEqual(await recordedRun(reordered, run, folder), first);
  assert.equal(runs, 1);
  await recordedRun({ ...config, seed: 2 }, run, folder);
  assert.equal(runs, 2);
});

test("a run that fails leaves no record, and a damaged record is made again", async () => {
  const other = { ...config, seed: 3 };
  await assert.rejects(
    recordedRun(
      other,
      async () => {
        throw new Error("killed");
      },
      folder,
    ),
    /killed/,
  );
  assert.equal(findRecord(other, folder), undefined);
  const before = new Set(fs.readdirSync(folder));
  await recordedRun(other, async () => "first", folder);
  const file = path.join(folder, fs.readdirSync(folder).find((name) => !before.has(name))!);
  fs.truncateSync(file, 40);
  assert.equal((await recordedRun(other, async () => "again", folder)).result, "again");
});

test("a record in which one digit was changed is made again", async () => {
  const other = { ...config, seed: 4 };
  const before = new Set(fs.readdirSync(folder));
  await recordedRun(other, async () => ({ accuracy: 0.8125, mask: undefined }), folder);
  const file = path.join(folder, fs.readdirSync(folder).find((name) => !before.has(name))!);
  assert.equal(findRecord<{ accuracy: number }>(other, folder)!.result.accuracy, 0.8125);
  fs.writeFileSync(file, fs.readFileSync(file, "utf8").replace("0.8125", "0.8126"));
  assert.equal(findRecord(other, folder), undefined);
});

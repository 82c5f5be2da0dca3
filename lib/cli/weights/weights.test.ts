import assert from "node:assert/strict";
import * as path from "node:path";
import { test } from "node:test";
import { dataFolder } from "../../node/files";
import { publishedWeights } from "../../node/published-weights/published-weights";
import { UserError } from "../../runtime/user-error";
import { listWeights } from "./list";
import { readOptions } from "./options";
import { describeFile } from "./show";

test("the words of the command are taken apart", () => {
  assert.deepEqual(readOptions(["list"]), { action: "list" });
  assert.deepEqual(readOptions(["show", "a.pth"]), { action: "show", file: "a.pth" });
  assert.deepEqual(readOptions(["get", "resnet50"]), { action: "get", name: "resnet50", from: undefined });
  assert.deepEqual(readOptions(["get", "resnet50", "--from", "a.pth"]), {
    action: "get",
    name: "resnet50",
    from: "a.pth",
  });
  assert.deepEqual(readOptions(["--help"]), { action: "help" });
});

for (const words of [
  [],
  ["fetch"],
  ["get"],
  ["show"],
  ["list", "x"],
  ["get", "a", "b"],
  ["show", "a", "--from", "b"],
])
  test(`refused in a sentence: ${JSON.stringify(words)}`, () => {
    assert.throws(
      () => readOptions(words),
      (error) => error instanceof UserError && /--help/.test(error.message),
    );
  });

test("the list says of each what is known, and what is not", () => {
  const text = listWeights(path.join(dataFolder(), "absent"));
  for (const { name, licence } of publishedWeights) {
    assert.ok(text.includes(`\n\n${name}: `) || text.startsWith(`${name}: `), name);
    assert.ok(text.includes(licence));
  }
  assert.match(text, /resnet50: ResNet-50, 103 MB, not here/);
  assert.match(text, /SHA-256 {2}11ad3fa6… \(its publisher tells the first 8 digits/);
  assert.match(text, /SHA-256 {2}not known/);
});

test("a file is shown with its format and tensors, and what network it is or is not", async () => {
  const text = await describeFile(path.join(dataFolder(), "golden", "torch-zip.pth"));
  assert.match(text, /torch-zip\.pth: PyTorch, 9 tensors/);
  assert.match(text, /SHA-256 [0-9a-f]{64}/);
  assert.match(text, /belong to no architecture that is known here/);
  assert.match(text, /\nplain {2}float32 \[3, 4\]/);
});

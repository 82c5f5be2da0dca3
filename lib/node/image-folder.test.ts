import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../runtime/user-error";
import { listImageFolder } from "./image-folder";

let folder: string;
const put = (...parts: string[]) => {
  const file = path.join(folder, ...parts);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, "");
  return file;
};

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "image-folder-"));
});
after(() => fs.rmSync(folder, { recursive: true }));

const refused = (place: string, named: string, reason: RegExp) =>
  assert.throws(
    () => listImageFolder(place),
    (error: unknown) =>
      error instanceof UserError && error.message.includes(named) && reason.test(error.message),
  );

test("classes are the sub-folders, images are listed in order, other files are passed over", () => {
  const place = path.join(folder, "good");
  const files = [put("good", "cat", "1.jpg"), put("good", "cat", "2.PNG"), put("good", "dog", "1.webp")];
  put("good", "dog", "notes.txt");
  put("good", ".hidden", "1.jpg");
  put("good", "README.md");
  const { classes, images } = listImageFolder(place);
  assert.deepEqual(classes, ["cat", "dog"]);
  assert.deepEqual(
    images.map((image) => image.file),
    files,
  );
  assert.deepEqual(
    images.map((image) => [image.className, image.label]),
    [
      ["cat", 0],
      ["cat", 0],
      ["dog", 1],
    ],
  );
});

test("a class folder without images is refused by name", () => {
  put("gap", "cat", "1.jpg");
  const empty = path.dirname(put("gap", "dog", "notes.txt"));
  refused(path.join(folder, "gap"), empty, /holds no images.*Add some/);
});

test("no folder, a file, and a folder without classes are refused by name", () => {
  const absent = path.join(folder, "absent");
  refused(absent, absent, /does not exist/);
  const file = put("single.jpg");
  refused(file, file, /is a file/);
  const flat = path.dirname(put("flat", "1.jpg"));
  refused(flat, flat, /no sub-folders/);
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../runtime/user-error";
import { type ImageFolderOptions, listImageFolder } from "./image-folder";

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

const link = (target: string, ...parts: string[]) => {
  const place = path.join(folder, ...parts);
  fs.mkdirSync(path.dirname(place), { recursive: true });
  fs.symlinkSync(target, place);
};

const refused = (place: string, named: string, reason: RegExp, options?: ImageFolderOptions) =>
  assert.throws(
    () => listImageFolder(place, options),
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
  refused(path.join(folder, "gap"), empty, /holds no images.*only 1 × \.txt.*add some/);
});

test("hidden and system files are skipped, links followed, every name of JPEG known, and the rest is counted", () => {
  const place = path.join(folder, "mixed");
  const kept = ["1.jpg", "3.jfif", "4.JPE"].map((name) => put("mixed", "cat", name));
  for (const name of ["._1.jpg", ".DS_Store", "Thumbs.db", "a.HEIC", "b.heic", "c.bmp", "noending"])
    put("mixed", "cat", name);
  for (const parts of [
    ["__MACOSX", "1.jpg"],
    [".ipynb_checkpoints", "1.jpg"],
    ["lost.png"],
    ["cat", "deeper", "1.jpg"],
  ])
    put("mixed", ...parts);
  link(put("store", "2.jpg"), "mixed", "cat", "2.jpg");
  link(path.join(folder, "nowhere.jpg"), "mixed", "cat", "5.jpg");
  link("6.jpg", "mixed", "cat", "6.jpg");
  link(path.dirname(put("elsewhere", "1.png")), "mixed", "dog");
  link("..", "mixed", "up");
  const { classes, images, passedOver } = listImageFolder(place);
  assert.deepEqual(classes, ["cat", "dog"]);
  const expected = [
    kept[0],
    path.join(place, "cat", "2.jpg"),
    kept[1],
    kept[2],
    path.join(place, "dog", "1.png"),
  ];
  assert.deepEqual(
    images.map(({ file }) => file),
    expected,
  );
  assert.deepEqual(Object.fromEntries(passedOver.map(({ kind, count }) => [kind, count])), {
    hidden: 3,
    ".heic": 2,
    "broken link": 2,
    "the system's own": 2,
    ".bmp": 1,
    "without an extension": 1,
    "folder in a class": 1,
    "image outside the class folders": 1,
    "link to a folder above it": 1,
  });
  assert.equal(passedOver.find(({ kind }) => kind === ".heic")!.example, path.join(place, "cat", "a.HEIC"));
});

test("a class with images of unreadable kinds alone is refused by these kinds", () => {
  for (const name of ["1.heic", "2.HEIC", "3.bmp"]) put("phone", "cat", name);
  put("phone", "dog", "1.jpg");
  refused(path.join(folder, "phone"), "2 × .heic (1.heic), 1 × .bmp (3.bmp)", /Convert or add some/);
});

test("parts share the classes of training: one may be missing, an unknown one is named", () => {
  for (const name of ["cat", "dog", "fox"]) put("training", name, "1.jpg");
  for (const name of ["cat", "fox"]) put("validation", name, "1.jpg");
  fs.mkdirSync(path.join(folder, "validation", "dog"));
  const { classes } = listImageFolder(path.join(folder, "training"));
  const validation = listImageFolder(path.join(folder, "validation"), { classes });
  assert.deepEqual(validation.classes, classes);
  assert.deepEqual(
    validation.images.map(({ className, label }) => [className, label]),
    [
      ["cat", 0],
      ["fox", 2],
    ],
  );
  const wolf = path.dirname(put("test", "wolf", "1.jpg"));
  refused(path.join(folder, "test"), wolf, /no folder of a known class \(cat, dog, fox\)/, { classes });
  refused(path.join(folder, "training"), "cat", /twice/, { classes: ["cat", "dog", "fox", "cat"] });
  refused(path.join(folder, "training"), "list of classes", /is empty/, { classes: [] });
  fs.mkdirSync(path.join(folder, "hollow", "cat"), { recursive: true });
  refused(path.join(folder, "hollow"), path.join(folder, "hollow"), /hold no images/, { classes });
});

test("a part without one of the classes of the parts beside it is refused where no classes are passed", () => {
  for (const name of ["cat", "dog", "fox"]) put("set", "train", name, "1.jpg");
  for (const name of ["cat", "fox"]) put("set", "val", name, "1.jpg");
  const [train, val] = [path.join(folder, "set", "train"), path.join(folder, "set", "val")];
  const { classes } = listImageFolder(train);
  refused(val, train, /only some of the classes.*labels would differ.*\{ classes \}/);
  assert.deepEqual(
    listImageFolder(val, { classes }).images.map(({ label }) => label),
    [0, 2],
  );
});

test("a list of classes that is none is refused", () => {
  put("listed", "cat", "1.jpg");
  for (const classes of ["cat", [1], [undefined]] as unknown as string[][])
    refused(path.join(folder, "listed"), "`classes`", /are a list of names/, { classes });
});

test("names are compared in Unicode normal form, and two folders of one name are refused", () => {
  const [composed, decomposed] = ["\u00e9t\u00e9", "e\u0301te\u0301"] as const;
  put("composed", composed, "1.jpg");
  put("decomposed", decomposed, "1.jpg");
  const { classes } = listImageFolder(path.join(folder, "decomposed"));
  assert.deepEqual(classes, [composed]);
  const [image] = listImageFolder(path.join(folder, "composed"), { classes: [decomposed, "cat"] }).images;
  assert.deepEqual([image!.className, image!.label], [decomposed, 0]);
  put("both", composed, "1.jpg");
  // A file system in normal form takes the second for the first.
  if (!fs.existsSync(path.join(folder, "both", decomposed))) {
    put("both", decomposed, "1.jpg");
    refused(path.join(folder, "both"), decomposed, /bear the same name/);
  }
});

test("one folder under two names is refused: its images would have two labels", () => {
  put("twins", "cat", "1.jpg");
  link("cat", "twins", "kitten");
  refused(path.join(folder, "twins"), path.join(folder, "twins", "kitten"), /one and the same folder/);
});

test("a name that is too long, and a link to itself, give a sentence", () => {
  const long = path.join(folder, "n".repeat(300));
  refused(long, long, /longer than this system allows/);
  link("circle", "circle");
  const circle = path.join(folder, "circle");
  refused(circle, circle, /leads back to itself/);
});

test("no folder, a file, and a folder without classes are refused by name", () => {
  const absent = path.join(folder, "absent");
  refused(absent, absent, /does not exist/);
  const file = put("single.jpg");
  refused(file, file, /is a file/);
  const flat = path.dirname(put("flat", "1.jpg"));
  refused(flat, flat, /no sub-folders/);
});

import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { carveValidation } from "../../datasets/published/carve-validation";
import { UserError } from "../../runtime/user-error";
import { dataFolder } from "../files";
import { imageSets, readImageSet } from "./image-sets";
import { writeMiniatureCub } from "./miniature-cub.fixture";

const top = fs.mkdtempSync(path.join(os.tmpdir(), "image-sets-"));
after(() => fs.rmSync(top, { recursive: true }));

const newFolder = () => fs.mkdtempSync(path.join(top, "set-"));

/** Writes files, and makes folders for them. */
function write(folder: string, files: Record<string, string | Uint8Array>): string {
  for (const [name, content] of Object.entries(files)) {
    const place = path.join(folder, name);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, content);
  }
  return folder;
}

const refuses = (reason: RegExp) => (error: unknown) =>
  error instanceof UserError && reason.test(error.message);

test("CUB-200-2011 in its layout: official split, a tenth carved out, boxes, visible parts, names", () => {
  const folder = newFolder();
  const { classes, images } = writeMiniatureCub(folder);
  const set = readImageSet("cub200", folder, { seed: 3 });
  assert.deepEqual(set.classes, classes);
  const all = [...set.training, ...set.validation, ...set.test];
  assert.equal(all.length, images.length);
  assert.equal(set.validation.length, Math.floor((set.training.length + set.validation.length) / 10));
  assert.deepEqual(
    set.test.map(({ file }) => path.relative(folder, file).split(path.sep).join("/")),
    images.filter(({ training }) => !training).map(({ name }) => `images/${name}`),
  );
  for (const { file, label, box, parts, alsoInImagenet } of all) {
    const wanted = images.find(({ name }) => file === path.join(folder, "images", ...name.split("/")))!;
    assert.deepEqual({ label, box, parts }, { label: wanted.label, box: wanted.box, parts: wanted.parts });
    assert.equal(alsoInImagenet, undefined);
    assert.ok(fs.existsSync(file));
  }
});

test("the carved images depend on the seed alone", () => {
  const folder = newFolder();
  writeMiniatureCub(folder);
  const files = (seed: number) => readImageSet("cub200", folder, { seed }).validation.map(({ file }) => file);
  assert.deepEqual(files(1), files(1));
  assert.notDeepEqual(files(1), files(2));
});

test("of 5,994 images in 200 classes 599 are carved out, two or three of each class", () => {
  // As in CUB-200-2011, six classes have 29 training images and the others 30.
  const images = Array.from({ length: 200 }, (_, label) =>
    Array.from({ length: label < 6 ? 29 : 30 }, (_, i) => ({ file: `${label}/${i}`, label })),
  ).flat();
  const { training, validation } = carveValidation(images, 7);
  assert.deepEqual([training.length, validation.length], [5395, 599]);
  const counts = new Map<number, number>();
  for (const { label } of validation) counts.set(label, (counts.get(label) ?? 0) + 1);
  assert.equal(counts.size, 200);
  assert.deepEqual([...new Set(counts.values())].sort(), [2, 3]);
  assert.equal(new Set([...training, ...validation]).size, 5994);
});

test("images that ImageNet has too are marked, whatever the form of the list", () => {
  const folder = newFolder();
  const { images } = writeMiniatureCub(folder);
  const [first, second] = [images[0]!, images[1]!];
  const list = path.join(folder, "list.txt");
  fs.writeFileSync(list, `${first.name}\nn01234567_99.JPEG ${second.name.split("/")[1]}\n`);
  const set = readImageSet("cub200", folder, { imagenetList: list });
  const marked = [...set.training, ...set.validation, ...set.test].filter(
    ({ alsoInImagenet }) => alsoInImagenet,
  );
  assert.deepEqual(
    marked.map(({ file }) => path.basename(file)).sort(),
    [first, second].map(({ name }) => name.split("/")[1]).sort(),
  );
  fs.writeFileSync(list, "Unknown_Bird_0001_1.jpg\n");
  assert.throws(
    () => readImageSet("cub200", folder, { imagenetList: list }),
    refuses(/names Unknown_Bird_0001_1/),
  );
});

for (const [file, spoil, reason] of [
  ["classes.txt", () => "1 001.A\n1 002.B\n", /Line 2 of classes\.txt/],
  ["images.txt", (text: string) => `${text}999 001.A/none.jpg\n`, /has no line for number 999/],
  [
    "bounding_boxes.txt",
    (text: string) => text.replace("60.0", "sixty"),
    /of bounding_boxes\.txt is not of the form/,
  ],
  [
    "train_test_split.txt",
    (text: string) => text.replace("1 1", "1 2"),
    /of train_test_split\.txt is not of the form/,
  ],
  [
    "parts/part_locs.txt",
    (text: string) => text.replace("1 1 ", "1 99 "),
    /parts\/parts\.txt has no line for number 99/,
  ],
] as const)
  test(`a spoilt ${file} is refused by its name`, () => {
    const folder = newFolder();
    writeMiniatureCub(folder);
    const place = path.join(folder, file);
    fs.writeFileSync(place, spoil(fs.readFileSync(place, "utf8")));
    assert.throws(() => readImageSet("cub200", folder), refuses(reason));
  });

test("missing files and images are told", () => {
  const folder = newFolder();
  const { images } = writeMiniatureCub(folder);
  for (const { name } of images.slice(0, 2)) fs.rmSync(path.join(folder, "images", ...name.split("/")));
  assert.throws(() => readImageSet("cub200", folder), refuses(/\.jpg is missing, and 1 other images are/));
  fs.rmSync(path.join(folder, "images.txt"));
  assert.throws(
    () => readImageSet("cub200", folder),
    refuses(/images\.txt does not exist\. It belongs to CUB-200-2011/),
  );
  assert.throws(() => readImageSet("cub201", folder), refuses(/no set "cub201".*cub200, oxford-pets/));
  assert.deepEqual([...imageSets.keys()].length, 5);
});

const shortOf = (folder: string, images: readonly { file: string; label: number }[]) =>
  images.map(({ file, label }) => `${label} ${path.relative(folder, file).split(path.sep).join("/")}`);

test("Oxford-IIIT Pets in its layout", () => {
  const folder = newFolder();
  const list = (numbers: number[]) =>
    numbers.flatMap((n) => [`Abyssinian_${n} 1 1 1`, `american_bulldog_${n} 2 2 1`]).join("\n");
  const numbers = Array.from({ length: 10 }, (_, i) => i + 1);
  write(folder, { "annotations/trainval.txt": list(numbers), "annotations/test.txt": `${list([100])}\n` });
  for (const breed of ["Abyssinian", "american_bulldog"])
    for (const n of [...numbers, 100]) write(folder, { [`images/${breed}_${n}.jpg`]: "" });
  const set = readImageSet("oxford-pets", folder);
  assert.deepEqual(set.classes, ["Abyssinian", "american bulldog"]);
  assert.deepEqual([set.training.length, set.validation.length], [18, 2]);
  assert.deepEqual(shortOf(folder, set.test), [
    "0 images/Abyssinian_100.jpg",
    "1 images/american_bulldog_100.jpg",
  ]);
});

test("FGVC-Aircraft in its layout, with boxes counted from 0", () => {
  const folder = newFolder();
  write(folder, {
    "data/variants.txt": "707-320\nF/A-18\nDC-9-30 X\n",
    "data/images_box.txt": "0000001 1 1 100 50\n0000002 11 21 30 40\n0000003 1 1 2 2\n",
    "data/images_variant_train.txt": "0000001 707-320\n",
    "data/images_variant_val.txt": "0000002 F/A-18\n",
    "data/images_variant_test.txt": "0000003 DC-9-30 X\n",
    ...Object.fromEntries([1, 2, 3].map((n) => [`data/images/000000${n}.jpg`, ""])),
  });
  const set = readImageSet("fgvc-aircraft", folder);
  assert.deepEqual(set.classes, ["707-320", "F/A-18", "DC-9-30 X"]);
  assert.deepEqual(shortOf(folder, set.training), ["0 data/images/0000001.jpg"]);
  assert.deepEqual(set.training[0]!.box, { x: 0, y: 0, width: 100, height: 50 });
  assert.deepEqual(set.validation[0]!.box, { x: 10, y: 20, width: 20, height: 20 });
  assert.deepEqual(shortOf(folder, set.test), ["2 data/images/0000003.jpg"]);
});

const golden = (name: string) => fs.readFileSync(path.join(dataFolder(), "golden", "datasets", name));

test("Flowers-102 in its layout, from MATLAB files, packed and not", () => {
  const folder = newFolder();
  write(folder, { "imagelabels.mat": golden("imagelabels.mat"), "setid.mat": golden("setid.mat") });
  for (let n = 1; n <= 9; n++) write(folder, { [`jpg/image_0000${n}.jpg`]: "" });
  const set = readImageSet("flowers102", folder);
  assert.deepEqual(set.classes, ["flower 1", "flower 2", "flower 3"]);
  assert.deepEqual(
    [set.training, set.validation, set.test].map((part) => shortOf(folder, part)),
    [
      ["0 jpg/image_00001.jpg", "1 jpg/image_00004.jpg", "2 jpg/image_00007.jpg"],
      ["0 jpg/image_00002.jpg", "1 jpg/image_00005.jpg", "2 jpg/image_00008.jpg"],
      ["0 jpg/image_00003.jpg", "1 jpg/image_00006.jpg", "2 jpg/image_00009.jpg"],
    ],
  );
  for (const bytes of [golden("imagelabels.mat").subarray(0, 150), Buffer.alloc(300)]) {
    write(folder, { "imagelabels.mat": bytes });
    assert.throws(() => readImageSet("flowers102", folder), refuses(/imagelabels\.mat/));
  }
});

test("Stanford Dogs in its layout, from cells of texts", () => {
  const folder = newFolder();
  write(folder, { "train_list.mat": golden("train_list.mat"), "test_list.mat": golden("test_list.mat") });
  for (const breed of ["n02085620-Chihuahua", "n02085782-Japanese_spaniel"])
    for (let n = 0; n < 12; n++) write(folder, { [`Images/${breed}/${breed.split("-")[0]}_${n}.jpg`]: "" });
  const set = readImageSet("stanford-dogs", folder);
  assert.deepEqual(set.classes, ["Chihuahua", "Japanese spaniel"]);
  assert.deepEqual([set.training.length, set.validation.length], [18, 2]);
  assert.deepEqual(shortOf(folder, set.test), [
    "0 Images/n02085620-Chihuahua/n02085620_10.jpg",
    "0 Images/n02085620-Chihuahua/n02085620_11.jpg",
    "1 Images/n02085782-Japanese_spaniel/n02085782_10.jpg",
    "1 Images/n02085782-Japanese_spaniel/n02085782_11.jpg",
  ]);
});

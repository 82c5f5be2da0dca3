import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import sharp from "sharp";
import { UserError } from "../../runtime/user-error";
import { dataFolder } from "../files";
import { writeMiniatureCub } from "../published-sets/miniature-cub.fixture";
import { labelledFolder, publishedPhotographs } from "./labelled-folder";
import { photographSource } from "./photograph-source";
import { dealPhotographs } from "./split";
import { surveyPhotographs } from "./survey";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "own-photographs-"));
after(() => fs.rmSync(folder, { recursive: true }));
const set = path.join(dataFolder(), "photographs-by-class");

/** Some photographs of the set as another folder; classes and how many of each. */
function copy(name: string, counts: Record<string, number>): string {
  for (const [className, count] of Object.entries(counts)) {
    const into = path.join(folder, name, className);
    fs.mkdirSync(into, { recursive: true });
    const from = path.join(set, path.basename(className));
    for (const file of fs.readdirSync(from).slice(0, count))
      fs.copyFileSync(path.join(from, file), path.join(into, file));
  }
  return path.join(folder, name);
}

async function deal(place: string, seed = 1, skipDamaged = false) {
  const listed = labelledFolder(place);
  const files = listed.photographs.map(({ file }) => file);
  const { photographs, damaged } = await surveyPhotographs(files, { skipDamaged });
  return dealPhotographs(listed, photographs, damaged, seed);
}

const refused = (work: Promise<unknown>, ...words: RegExp[]) =>
  assert.rejects(work, (error) => {
    assert.ok(error instanceof UserError, String(error));
    for (const word of words) assert.match(error.message, word);
    return true;
  });

test("every class is spread over the parts, one photograph at two qualities stays on one side, and the seed decides", async () => {
  const { photographs, nearDuplicates, notes } = await deal(set);
  assert.deepEqual(notes, []);
  assert.deepEqual(
    nearDuplicates.map((pair) => pair.map((file) => path.parse(file).name)),
    [
      ["colosseum-2", "colosseum"],
      ["great-pyramid-of-giza", "great-pyramid"],
    ],
  );
  for (const label of [0, 1, 2, 3]) {
    const own = photographs.filter((one) => one.label === label);
    const count = (part: string) => own.filter((one) => one.part === part).length;
    for (const part of ["validation", "test"])
      assert.ok(
        Math.abs(count(part) - own.length / 5) <= 1,
        `${label} ${part}: ${count(part)} of ${own.length}`,
      );
  }
  for (const one of photographs) assert.equal(one.part, photographs[one.group]!.part);
  const parts = async (seed: number) => (await deal(set, seed)).photographs.map(({ part }) => part);
  assert.deepEqual(
    await parts(1),
    photographs.map(({ part }) => part),
  );
  assert.notDeepEqual(await parts(2), await parts(1));
});

test("parts that the folder gives are kept, and validation is taken from training where there is none", async () => {
  const place = copy("parted", { "train/fish": 8, "train/palace": 8, "test/fish": 3, "test/palace": 2 });
  const { photographs, notes } = await deal(place);
  const inTest = photographs.filter(({ part }) => part === "test");
  assert.equal(inTest.length, 5);
  assert.ok(inTest.every(({ file }) => file.includes(`${path.sep}test${path.sep}`)));
  assert.ok(photographs.some(({ part }) => part === "validation"));
  assert.match(notes.join(), /5 photographs show the same as one of another part/);
  fs.rmSync(path.join(place, "test"), { recursive: true });
  assert.throws(() => labelledFolder(place), /none named test/);
});

test("a published set keeps its official split, and its validation is carved out by seed", () => {
  const place = path.join(folder, "cub");
  const { images } = writeMiniatureCub(place);
  const { classes, photographs } = publishedPhotographs("cub200", place, 3);
  assert.equal(classes.length, 3);
  const files = (part: string) =>
    photographs
      .filter((one) => one.part === part)
      .map(({ file }) => path.relative(path.join(place, "images"), file));
  const official = images.filter(({ training }) => !training).map(({ name }) => path.normalize(name));
  assert.deepEqual(files("test").sort(), official.sort());
  assert.deepEqual([files("training").length, files("validation").length], [27, 3]);
  assert.throws(() => publishedPhotographs("cub201", place), /cub200/);
});

test("one class, and classes too small to be dealt, are refused by name", async () => {
  assert.throws(() => labelledFolder(copy("single", { fish: 3 })), /a single class, fish/);
  await refused(deal(copy("lone", { fish: 5, palace: 1 })), /class palace has 1 photograph: at least 3/);
  const twins = copy("twins", { fish: 5, palace: 2 });
  fs.copyFileSync(path.join(set, "palace", "louvre.webp"), path.join(twins, "palace", "a.webp"));
  fs.copyFileSync(path.join(set, "palace", "louvre.webp"), path.join(twins, "palace", "b.webp"));
  const { photographs } = await deal(twins);
  assert.equal(new Set(photographs.filter(({ label }) => label === 1).map(({ part }) => part)).size, 3);
  fs.rmSync(path.join(twins, "palace", fs.readdirSync(path.join(set, "palace"))[0]!));
  await refused(deal(twins), /class palace has 3 photographs, of which 2 differ/);
});

test("tiny, enormous and damaged photographs stop the run by name, or are left out and counted", async () => {
  const place = copy("odd", { fish: 5, palace: 5 });
  const tiny = path.join(place, "fish", "tiny.png");
  await sharp({ create: { width: 3, height: 2, channels: 3, background: "red" } })
    .png()
    .toFile(tiny);
  await refused(deal(place), /tiny\.png has 3 × 2 pixels/, /--skip-damaged/);
  fs.rmSync(tiny);
  const huge = path.join(place, "fish", "huge.png");
  const size = { width: 20_000, height: 10_000, channels: 3 as const, background: "blue" };
  await sharp({ create: size, limitInputPixels: false }).png({ compressionLevel: 1 }).toFile(huge);
  await refused(deal(place), /huge\.png has 20000 × 10000 pixels, 200 million/);
  fs.rmSync(huge);
  const cut = path.join(place, "palace", "cut.jpg");
  const whole = fs.readFileSync(path.join(dataFolder(), "photographs", "hen.jpg"));
  fs.writeFileSync(cut, whole.subarray(0, 9000));
  await refused(deal(place), /cut\.jpg could not be decoded/);
  const { photographs, damaged } = await deal(place, 1, true);
  assert.equal(photographs.length, 10);
  assert.deepEqual(
    damaged.map(({ file }) => file),
    [cut],
  );
});

test("a photograph that vanishes half-way is named; the record of the look is used again, even with a torn line", async () => {
  const place = copy("vanishing", { fish: 3 });
  const files = fs.readdirSync(path.join(place, "fish")).map((name) => path.join(place, "fish", name));
  const record = path.join(folder, "look.jsonl");
  const { photographs } = await surveyPhotographs(files, { record });
  fs.appendFileSync(record, '\n{"digest":"abc","wid');
  const lines = fs.readFileSync(record, "utf8");
  assert.deepEqual((await surveyPhotographs(files, { record })).photographs, photographs);
  assert.equal(fs.readFileSync(record, "utf8"), lines, "nothing was looked at anew");
  const source = photographSource(
    files.map((file, i) => ({ file, digest: photographs[i]!.digest })),
    32,
  );
  fs.rmSync(files[1]!);
  assert.equal((await source.load(0)).width, 32);
  await refused(source.load(1), new RegExp(`${path.basename(files[1]!)} does not exist`));
});

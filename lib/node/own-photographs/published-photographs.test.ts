import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";
import { randomStream } from "../../runtime/random";
import { encodePng } from "../encode-image";
import { writeMiniatureCub } from "../published-sets/miniature-cub.fixture";
import { publishedPhotographs } from "./labelled-folder";
import { dealPhotographs } from "./split";
import { surveyPhotographs } from "./survey";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "published-photographs-"));
after(() => fs.rmSync(folder, { recursive: true }));

test("a published set keeps its split when it is dealt, and says what it is", async () => {
  const size = 16;
  const random = randomStream(1, "pixels");
  const pictures = new Map<string, Uint8Array>();
  for (let label = 0; label < 3; label++)
    for (let number = 0; number < 12; number++) {
      const data = Uint8Array.from({ length: size * size * 3 }, () => random.integer(256));
      pictures.set(`${label}/${number}`, await encodePng({ width: size, height: size, channels: 3, data }));
    }
  const { images } = writeMiniatureCub(folder, (label, number) => pictures.get(`${label}/${number}`)!);
  const set = publishedPhotographs("cub200", folder, 2);
  const { photographs, damaged } = await surveyPhotographs(
    set.photographs.map(({ file }) => file),
    {},
  );
  const dealt = dealPhotographs(set, photographs, damaged, 2);
  assert.deepEqual(dealt.dealt, []);
  const names = (part: string) =>
    dealt.photographs.filter((one) => one.part === part).map(({ file }) => path.basename(file));
  const official = (training: boolean) =>
    images.filter((image) => image.training === training).map(({ name }) => path.posix.basename(name));
  assert.deepEqual(names("test"), official(false));
  assert.deepEqual([...names("training"), ...names("validation")].sort(), official(true).sort());
  assert.equal(names("validation").length, 3);
  assert.match(dealt.notes[0]!, /^CUB-200-2011\. Its official training photographs, less a tenth/);
});

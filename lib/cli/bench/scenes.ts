import * as fs from "node:fs";
import * as path from "node:path";
import sharp from "sharp";
import { planScenes } from "../../datasets/cutouts/plan";
import { renderScene } from "../../datasets/cutouts/render";
import { splitCutouts } from "../../datasets/cutouts/split";
import { loadCutouts } from "../../node/load-cutouts";
import { randomStream } from "../../runtime/random";
import { TRANSFER } from "./cases";
import type { Job } from "./job";

const PART_NAMES = ["train", "validation", "test"] as const;

/** Writes the scenes of the transfer as JPEG files, from which both sides start. */
export async function writeScenes(folder: string): Promise<Job["parts"]> {
  const collection = await loadCutouts();
  const split = splitCutouts(collection, TRANSFER.seed);
  const parts: Job["parts"] = {};
  for (const name of PART_NAMES) {
    const stream = randomStream(TRANSFER.seed, `scenes/${name}`);
    const plans = planScenes(split[name], TRANSFER.scenes[name], stream);
    fs.mkdirSync(path.join(folder, name));
    const files = plans.map((_, i) => path.join(folder, name, `${i}.jpg`));
    for (const [i, plan] of plans.entries()) {
      const { data, width, height, channels } = renderScene(collection, plan).image;
      await sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 90 }).toFile(files[i]!);
    }
    parts[name] = { files, labels: plans.map(({ label }) => label) };
  }
  return parts;
}

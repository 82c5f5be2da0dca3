import * as fs from "node:fs";
import * as path from "node:path";
import { differenceHashes } from "../../images/difference-hash";
import type { PixelImage } from "../../images/pixel-image";
import { inBatches, loadAhead } from "../../runtime/batches";
import type { OnProgress } from "../../runtime/progress";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";
import { decodeImage } from "../decode-image";
import { requireRoom } from "../files";
import { readWholeFile } from "../open-file";
import { loadSharp, sharpOf } from "../sharp";

/** What is known of a photograph once it was looked at. */
export interface SurveyedPhotograph {
  /** SHA-256 of the file. */
  digest: string;
  width: number;
  height: number;
  /** As `differenceHashes` gives them. */
  hashes: Uint32Array;
}

/** A photograph that can't be used. */
export interface DamagedPhotograph {
  file: string;
  /** A sentence that names it. */
  why: string;
}

/** Photographs at once: more would fill the memory with pixels. */
const abreast = 2;
/** Less is no photograph of anything, and more does not fit into the memory of a laptop several times. */
const leastSide = 16;
const mostPixels = 100e6;
/** Side of the small picture that hashes are made of. */
const thumbnailSide = 72;

/**
 * Looks at every photograph once: decodes it, so that a damaged one is known before anything is computed, and takes what
 * near-duplicates are found by. What was found is written into `record` as it comes, and a second call only reads the files.
 * @param record a file of JSON lines
 * @returns for each file what was found, or `undefined` for a damaged one
 * @throws UserError naming the first photograph that is damaged, too small or too large, unless they are to be skipped; and
 *   when the record can't be written
 */
export async function surveyPhotographs(
  files: readonly string[],
  { record, skipDamaged, onProgress }: { record?: string; skipDamaged?: boolean; onProgress?: OnProgress },
): Promise<{ photographs: (SurveyedPhotograph | undefined)[]; damaged: DamagedPhotograph[] }> {
  if (record) await requireRoom(path.dirname(record), 0);
  const known = record ? readRecord(record) : new Map<string, SurveyedPhotograph>();
  const photographs: (SurveyedPhotograph | undefined)[] = [];
  const damaged: DamagedPhotograph[] = [];
  const look = async (file: string) => {
    try {
      const bytes = await readWholeFile(file, `The photograph ${file}`);
      const digest = sha256(bytes);
      return known.get(digest) ?? (await lookAt(bytes, digest, file));
    } catch (error) {
      if (error instanceof UserError) return { file, why: error.message };
      throw error;
    }
  };
  for await (const found of loadAhead(inBatches(files, abreast), look)) {
    const fresh: SurveyedPhotograph[] = [];
    for (const one of found) {
      if ("why" in one) {
        if (!skipDamaged)
          throw new UserError(`${one.why} With --skip-damaged (\`skipDamaged\`) it is left out and counted.`);
        damaged.push(one);
        photographs.push(undefined);
        continue;
      }
      if (!known.has(one.digest)) fresh.push(one);
      known.set(one.digest, one);
      photographs.push(one);
    }
    if (record && fresh.length > 0) appendTo(record, fresh);
    onProgress?.(photographs.length, files.length);
  }
  return { photographs, damaged };
}

async function lookAt(bytes: Buffer, digest: string, file: string): Promise<SurveyedPhotograph> {
  await refuseTooLarge(bytes, file);
  const image = await decodeImage(bytes, 3, file);
  const { width, height } = image;
  if (Math.min(width, height) < leastSide) {
    throw new UserError(
      `${file} has ${width} × ${height} pixels, too few to see anything in. Bring a larger one, or remove it.`,
    );
  }
  return { digest, width, height, hashes: differenceHashes(await thumbnailOf(image)) };
}

/** Before anything is decoded. What has no size that can be read is left to `decodeImage`, which says what it is. */
async function refuseTooLarge(bytes: Buffer, file: string): Promise<void> {
  const pipeline = loadSharp()(bytes, { limitInputPixels: false });
  const { width = 0, height = 0 } = await pipeline.metadata().catch(() => ({ width: 0, height: 0 }));
  if (width * height <= mostPixels) return;
  throw new UserError(
    `${file} has ${width} × ${height} pixels, ${Math.round((width * height) / 1e6)} million, and at most ${mostPixels / 1e6} million ` +
      "are read here: several are decoded at once. Scale it down, or remove it.",
  );
}

async function thumbnailOf(image: PixelImage): Promise<PixelImage> {
  const data = await sharpOf(image)
    .resize(thumbnailSide, thumbnailSide, { fit: "fill", kernel: "linear" })
    .greyscale()
    .toColourspace("b-w")
    .raw({ depth: "uchar" })
    .toBuffer();
  return { width: thumbnailSide, height: thumbnailSide, channels: 1, data: new Uint8Array(data) };
}

/** Lines that were cut off when the command was killed are passed over. */
function readRecord(file: string): Map<string, SurveyedPhotograph> {
  const known = new Map<string, SurveyedPhotograph>();
  if (!fs.existsSync(file)) return known;
  for (const line of fs.readFileSync(file, "utf8").split("\n")) {
    try {
      const { digest, width, height, hashes } = JSON.parse(line) as SurveyedPhotograph;
      known.set(digest, { digest, width, height, hashes: Uint32Array.from(hashes) });
    } catch {}
  }
  return known;
}

function appendTo(file: string, found: readonly SurveyedPhotograph[]): void {
  const lines = found.map((one) => JSON.stringify({ ...one, hashes: [...one.hashes] }));
  // It begins with a line break: the line before may have been cut off.
  fs.appendFileSync(file, `\n${lines.join("\n")}`);
}

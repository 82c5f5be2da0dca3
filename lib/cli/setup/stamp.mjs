// A stamp is a small file inside a folder that set-up made. It is written last and says what the folder was made
// from, so a folder without it, or with an older one, is made again. It goes when its folder goes.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";

const fileName = ".setup.json";

/** @param {string} folder @returns {Record<string, unknown> | undefined} undefined when missing or broken */
export function readStamp(folder) {
  try {
    return JSON.parse(fs.readFileSync(path.join(folder, fileName), "utf8"));
  } catch {
    return undefined;
  }
}

/** @param {string} folder @param {Record<string, unknown>} wanted */
export function stampSays(folder, wanted) {
  const { made: _, ...stamp } = readStamp(folder) ?? {};
  return isDeepStrictEqual(stamp, wanted);
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} wanted what the folder was made from
 * @param {unknown} [made] what came of it, to be told again without looking
 */
export function writeStamp(folder, wanted, made) {
  writeWhole(path.join(folder, fileName), `${JSON.stringify({ ...wanted, made }, null, 2)}\n`);
}

/** @param {string} folder */
export function removeStamp(folder) {
  fs.rmSync(path.join(folder, fileName), { force: true });
}

/**
 * Writes a file so that a reader sees the old content or the new one, never a part.
 * @param {string} file @param {string} content
 */
export function writeWhole(file, content) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  try {
    fs.writeFileSync(part, content);
    fs.renameSync(part, file);
  } catch (error) {
    fs.rmSync(part, { force: true });
    throw error;
  }
}

/** @param {string[]} files @returns {string} SHA-256 over names and contents, in the order given */
export function hashFiles(files) {
  const hash = createHash("sha256");
  for (const file of files) {
    const content = fs.readFileSync(file);
    hash.update(`${path.basename(file)}\n${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

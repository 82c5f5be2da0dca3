import * as fs from "node:fs";
import * as path from "node:path";
import { sha256 } from "../runtime/files";

/**
 * A digest of the compiled code that decides the digits of a run, for its config: when the code changes, old
 * records are no longer found and the runs are made again. Tests and their
 * fixtures don't count.
 * @param floors folders of the library, such as `attention`, or single files, such as `experiments/x.js`
 */
export function codeDigest(floors: readonly string[]): string {
  const library = path.join(__dirname, "..");
  const files = floors.flatMap((floor) => listFiles(path.join(library, floor)));
  const relevant = files.filter((file) => /\.js$/.test(file) && !/\.(test|fixture)\.js$/.test(file)).sort();
  return sha256(
    relevant
      .map((file) => `${path.relative(library, file).replaceAll(path.sep, "/")} ${sha256(readCode(file))}`)
      .join("\n"),
  ).slice(0, 16);
}

/** Code without the comment that names its source map. */
function readCode(file: string): string {
  return fs.readFileSync(file, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "");
}

function listFiles(place: string): string[] {
  if (!fs.statSync(place).isDirectory()) return [place];
  return fs.readdirSync(place, { recursive: true, encoding: "utf8" }).map((name) => path.join(place, name));
}

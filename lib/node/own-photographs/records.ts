import * as fs from "node:fs";
import * as path from "node:path";
import { sha256 } from "../../runtime/sha256";
import { writeAtomically } from "../files";

/** What came of a piece of work, with everything that decided it. */
interface Kept<Result> {
  config: unknown;
  result: Result;
  /** SHA-256 of both: a file that was damaged is noticed, and the work done again. */
  digest: string;
}

/**
 * Results that are kept in a folder as they come, each a file that is named after the hash of its config: what was killed goes
 * on where it was. Without a folder nothing is kept.
 */
export class Records {
  constructor(readonly folder: string | undefined) {}

  /** Where a file that belongs to a config lies. */
  fileOf(config: unknown, ending: string): string {
    return path.join(this.folder!, `${sha256(JSON.stringify(config)).slice(0, 24)}.${ending}`);
  }

  find<Result>(config: unknown): Result | undefined {
    if (!this.folder) return undefined;
    try {
      const kept = JSON.parse(fs.readFileSync(this.fileOf(config, "json"), "utf8")) as Kept<Result>;
      const whole = sha256(JSON.stringify([config, kept.result])) === kept.digest;
      return whole ? kept.result : undefined;
    } catch {
      // Missing, or damaged: the work is done again.
      return undefined;
    }
  }

  async keep<Result>(config: unknown, result: Result): Promise<Result> {
    // As it comes back from the file.
    const read = JSON.parse(JSON.stringify(result)) as Result;
    if (!this.folder) return read;
    const digest = sha256(JSON.stringify([config, read]));
    const kept: Kept<Result> = { config, result: read, digest };
    await writeAtomically(this.fileOf(config, "json"), `${JSON.stringify(kept)}\n`);
    return read;
  }
}

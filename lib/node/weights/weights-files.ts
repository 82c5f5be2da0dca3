import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { UserError } from "../../runtime/user-error";
import type { ByteSource } from "../../weights/byte-source";
import { digestOfFile } from "../file-digest";
import { withOpenFile } from "../open-file";
import { explainReadFailure } from "../system-failure";

/**
 * The files that weights lie in: the one that the user named, and those beside it that it names. None of them may lead
 * out of its folder.
 */
export class WeightsFiles {
  /** Names of the files beside, in the order in which they were first asked for. */
  private readonly names = new Set<string>();

  constructor(readonly file: string) {}

  /**
   * A file beside the one that was named, to be read piece by piece.
   * @param name as the first file gives it, with forward slashes
   * @throws UserError where it leads elsewhere, is missing, or can't be read
   */
  openBeside(name: string): ByteSource {
    const place = this.placeOf(name);
    this.names.add(name);
    const open = <Result>(use: (source: ByteSource) => Result) =>
      withOpenFile(
        place,
        `The file ${place}, which ${this.file} refers to,`,
        use,
        "Bring it, and put it there.",
      );
    return {
      length: open(({ length }) => length),
      read: (start, target) => open((source) => source.read(start, target)),
    };
  }

  /** SHA-256 of the file, or of the digests and names of all files where there are several. */
  digest(): string {
    const own = digestOf(this.file);
    if (this.names.size === 0) return own;
    const others = [...this.names].map((name) => `${digestOf(this.placeOf(name))} ${name}`);
    return createHash("sha256")
      .update([own, ...others].join("\n"))
      .digest("hex");
  }

  private placeOf(name: string): string {
    const refuse = () =>
      new UserError(
        `${this.file} refers to "${name}", which is not in its own folder; it was not opened. Weights and what belongs to them lie in one folder: put it there, and correct the name.`,
      );
    const parts = name.split("/");
    if (parts.some((part) => part === "" || part === "." || part === ".." || /[\\:\0]/.test(part)))
      throw refuse();
    const place = path.join(path.dirname(this.file), ...parts);
    const inside = realFoldersOf(this.file).some((folder) =>
      realPlaceOf(place).startsWith(folder + path.sep),
    );
    if (!inside) throw refuse();
    return place;
  }
}

/** The file's folder, and that of the file that it is a link to: caches keep links to files that lie in one folder. */
function realFoldersOf(file: string): string[] {
  return [realPlaceOf(path.dirname(file)), path.dirname(realPlaceOf(file))].map((folder) =>
    folder.endsWith(path.sep) ? folder.slice(0, -1) : folder,
  );
}

/** Where a name leads once all links are followed; the name itself where there is nothing yet. */
function realPlaceOf(place: string): string {
  try {
    return fs.realpathSync(place);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") throw explainReadFailure(error, `The file ${place}`);
    return path.join(realPlaceOf(path.dirname(place)), path.basename(place));
  }
}

const digestOf = (file: string) => digestOfFile(file, `The weights file ${file}`);

import * as fs from "node:fs";
import * as path from "node:path";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";

/** A Debian package that the data is made from, pinned by its digest. */
export interface SourcePackage {
  name: string;
  version: string;
  /** SHA-256 of the `.deb` file. */
  digest: string;
}

/** The originals, as Debian 12 ("bookworm") has them; all are `_all.deb`, the same for every processor. */
export const sourcePackages: readonly SourcePackage[] = [
  {
    name: "tuxpaint-stamps-default",
    version: "2022.06.04-1",
    digest: "6db6c1bfc870a47f1499d6203b083522eacb57c5f9c87d468f2e92eb6d9d5f34",
  },
  {
    name: "gcompris-qt-data",
    version: "3.1-2",
    digest: "e9cf06ab2105529068df73085784e835d2ff03f870d2a8091f09125d40abac9f",
  },
  {
    name: "mate-backgrounds",
    version: "1.26.0-1",
    digest: "7bf4c2209f34b4f61ba6d24c8b58c28b361e82e4b943aae6d42c030169af9e04",
  },
  {
    name: "lomiri-wallpapers-16.04",
    version: "20.04.0-2",
    digest: "a99ff6a3bfe451e4cc0682ecb3cc82e71740626d59e4845ae34a0a0e45421eab",
  },
];

/** What the package's file is called. */
export function fileName({ name, version }: SourcePackage): string {
  return `${name}_${version}_all.deb`;
}

/**
 * Reads a package that the user downloaded.
 * @throws UserError saying where it is to be had, when it is missing or is another file than the pinned one
 */
export async function readPackage(folder: string, wanted: SourcePackage): Promise<Buffer> {
  const { name, version, digest } = wanted;
  const file = path.join(folder, fileName(wanted));
  const source =
    `Get version ${version} of Debian's package ${name}: on Debian 12 by "apt-get download ${name}=${version}", ` +
    `elsewhere from https://snapshot.debian.org/package/${name}/.`;
  if (!fs.existsSync(file)) throw new UserError(`${file} is missing. ${source}`);
  const bytes = await fs.promises.readFile(file);
  if (sha256(bytes) !== digest) {
    throw new UserError(
      `${file} is not the file that the data was made from (its SHA-256 differs). ${source}`,
    );
  }
  return bytes;
}

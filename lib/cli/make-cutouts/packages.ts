import * as fs from "node:fs";
import * as path from "node:path";
import { sha256 } from "../../runtime/sha256";
import { UserError } from "../../runtime/user-error";

/** A Debian package that the data is made from, pinned by its digest. */
export interface SourcePackage {
  name: string;
  /** With its epoch, where it has one: "4:22.12.3-1". */
  version: string;
  /** The processor that it is built for; none where it is the same for all. */
  architecture?: "amd64";
  /** SHA-256 of the `.deb` file. */
  digest: string;
}

/** Where an original lies: a file of a package, or of a Qt resource archive in it. */
export interface OriginalPlace {
  package: string;
  /** Empty where the file lies in the package itself. */
  archive: string;
  source: string;
}

/** The originals, as Debian 12 ("bookworm") has them. */
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
  {
    name: "tuxpaint-data",
    version: "1:0.9.28-sdl2-1",
    digest: "f5d0de8f9a70d2efc1241d19f26168cb8bf279f1b77abd3631e7a1a55c40e5e5",
  },
  {
    name: "plasma-workspace-data",
    version: "4:5.27.5-2+deb12u2",
    digest: "057cda470bd0baf616b3e873bcaf993018d96c8ad30b09535c487f88554e6ea2",
  },
  {
    name: "lxqt-themes",
    version: "1.2.0-1",
    digest: "d518df36b515b09d36cb00b12645dd8ce170bb82bb0966297741905ce3edc8e1",
  },
  {
    name: "palapeli-data",
    version: "4:22.12.3-1",
    digest: "69a15dce2ac25ed8708ac518cd0cee5f4eb0c70ed15da2fdb8899a19ac0ee058",
  },
  {
    name: "puzzle-jigsaw",
    version: "1.0.2+git20201007.527c529+dfsg-4+b1",
    architecture: "amd64",
    digest: "f0c23ba52d3465c9c795ba97024b6968d4b30fbca6e886813ba216047462958e",
  },
  {
    name: "python3-skimage",
    version: "0.19.3-8",
    digest: "728d88c3e3440f1f3712de0805dc834d29248ff07e1eec8c0f3da07606f752f9",
  },
  {
    name: "python3-sklearn",
    version: "1.2.1+dfsg-1",
    digest: "ca0c6be401d14871c7e93cfdd8d1f561595dc65e6e2ad2501d568aee7f7efc58",
  },
];

/** What the package's file is called where Debian keeps it: an epoch is no part of it. */
export function fileName({ name, version, architecture }: SourcePackage): string {
  return `${name}_${version.replace(/^\d+:/, "")}_${architecture ?? "all"}.deb`;
}

/** Where an original came from, as the tables say it. */
export function sourceOf({ package: wanted, archive, source }: OriginalPlace): string {
  const { name, version } = sourcePackages.find((candidate) => candidate.name === wanted)!;
  return `${name} ${version}: ${archive === "" ? source : `${archive}: ${source}`}`;
}

/**
 * Reads a package that the user downloaded.
 * @throws UserError saying where it is to be had, when it is missing or is another file than the pinned one
 */
export async function readPackage(folder: string, wanted: SourcePackage): Promise<Buffer> {
  const { name, version, digest } = wanted;
  const named = path.join(folder, fileName(wanted));
  // Debian's own tool keeps the epoch in the name of what it downloads, with the colon written as %3a.
  const [epoch, rest] = version.split(":");
  const downloaded = path.join(folder, fileName(wanted).replace(`_${rest}_`, `_${epoch}%3a${rest}_`));
  const file = fs.existsSync(named) ? named : downloaded;
  const source =
    `Get version ${version} of Debian's package ${name}: on Debian 12 by "apt-get download ${name}=${version}", ` +
    `elsewhere from https://snapshot.debian.org/package/${name}/.`;
  if (!fs.existsSync(file)) throw new UserError(`${named} is missing. ${source}`);
  const bytes = await fs.promises.readFile(file);
  if (sha256(bytes) !== digest) {
    throw new UserError(
      `${file} is not the file that the data was made from (its SHA-256 differs). ${source}`,
    );
  }
  return bytes;
}

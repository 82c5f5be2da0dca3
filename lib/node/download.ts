import * as fs from "node:fs";
import * as path from "node:path";
import type { OnProgress } from "../runtime/progress";
import { UserError } from "../runtime/user-error";
import { explainWriteFailure } from "./files";

/** What is downloaded, and where to. */
export interface Download {
  url: string;
  /** Where the bytes go until they are whole. What an earlier try left there is gone on from. */
  part: string;
  /** More than this many bytes are not taken. */
  mostBytes: number;
  /** Told of bytes; while the server doesn't say how many there are, not called. */
  onProgress?: OnProgress;
}

/** A connection without a byte for so long, in milliseconds, is given up. */
const patience = 60_000;
/** Tries in a row that bring nothing, and tries in all, before it is given up. */
const vainTries = 3;
const mostTries = 50;

/** The server does not have the file, or has another: trying again won't help. */
class Refused extends UserError {}

/**
 * Downloads a file piece by piece, as far as it gets; a connection that breaks off is taken up again where it ended
 * (HTTP's `Range`, and `If-Range`, so that two versions of a file are never put together).
 * @throws UserError when the server can't be reached, doesn't have the file, or breaks off again and again; what has come
 *   stays in the part, for the next try
 */
export async function download(wanted: Download): Promise<void> {
  await fs.promises.mkdir(path.dirname(wanted.part), { recursive: true });
  let failure: unknown;
  for (let vain = 0, tries = 0; vain < vainTries && tries < mostTries; tries++) {
    const before = sizeOf(wanted.part);
    try {
      if (await fetchRest(wanted)) return;
    } catch (error) {
      if (error instanceof Refused) await discard(wanted.part);
      if (error instanceof UserError) throw error;
      failure = error;
    }
    vain = sizeOf(wanted.part) > before ? 0 : vain + 1;
  }
  const reached = sizeOf(wanted.part);
  const reason = reasonOf(failure);
  throw new UserError(
    reached > 0
      ? `The download from ${wanted.url} broke off after ${megabytes(reached)} (${reason}). What has come is kept: run the command again.`
      : `${wanted.url} could not be reached (${reason}).`,
  );
}

/** One connection. @returns whether the file is whole */
async function fetchRest({ url, part, mostBytes, onProgress }: Download): Promise<boolean> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), patience);
  try {
    const have = sizeOf(part);
    const version = readVersion(part);
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (have > 0 && version) Object.assign(headers, { range: `bytes=${have}-`, "if-range": version });
    const response = await fetch(url, { headers, signal: abort.signal });
    if (response.status === 416) {
      // There is nothing after what is here, or it is another file by now.
      await discard(part);
      return false;
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw refusal(url, response.status);
    }
    const start = response.status === 206 ? rangeStart(response) : 0;
    if (start !== 0 && start !== have) {
      await response.body.cancel();
      await discard(part);
      return false;
    }
    const told = response.headers.has("content-encoding") ? null : response.headers.get("content-length");
    const total = start + Number(told ?? Number.NaN);
    if (total > mostBytes) {
      await response.body.cancel();
      throw tooLong(url, mostBytes);
    }
    await keepVersion(part, response);
    const handle = await fs.promises.open(part, start === 0 ? "w" : "a");
    try {
      let done = start;
      if (Number.isFinite(total)) onProgress?.(done, total);
      for await (const piece of response.body) {
        clearTimeout(timer);
        timer = setTimeout(() => abort.abort(), patience);
        done += piece.length;
        if (done > mostBytes) throw tooLong(url, mostBytes);
        await handle.writeFile(piece).catch((error) => {
          throw explainWriteFailure(error, part);
        });
        if (Number.isFinite(total)) onProgress?.(done, total);
      }
      await handle.sync();
      return !(done < total);
    } finally {
      await handle.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Takes away what came so far. */
export async function discard(part: string): Promise<void> {
  for (const file of [part, versionFile(part)]) await fs.promises.rm(file, { force: true });
}

/** Beside the part: by what the server names the version that it is of. */
const versionFile = (part: string) => `${part}.version`;

function readVersion(part: string): string | undefined {
  const file = versionFile(part);
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/** Weak names don't promise the same bytes. */
async function keepVersion(part: string, response: Response): Promise<void> {
  const tag = response.headers.get("etag");
  const version = tag && !tag.startsWith("W/") ? tag : response.headers.get("last-modified");
  if (version) await fs.promises.writeFile(versionFile(part), version);
  else await fs.promises.rm(versionFile(part), { force: true });
}

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;

/** The first byte that a partial answer brings; −1 where it does not say. */
const rangeStart = (response: Response) =>
  Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? -1);

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function refusal(url: string, status: number): Error {
  // What a server says while it is overloaded is worth another try.
  if (status === 429 || status >= 500) return new Error(`the server answered ${status}`);
  return new Refused(`${url} is not to be had: the server answered ${status}.`);
}

function tooLong(url: string, mostBytes: number): UserError {
  return new Refused(
    `${url} brings more than ${megabytes(mostBytes)}, so it is another file than was published there.`,
  );
}

function reasonOf(failure: unknown): string {
  if (failure === undefined) return "it ended too early";
  const { message, cause } = failure as Error;
  const { code, message: inner } = Object(cause) as { code?: string; message?: string };
  return code ?? inner ?? message;
}

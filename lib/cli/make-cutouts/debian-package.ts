import { Readable } from "node:stream";
import { extract } from "tar-stream";
import { XzReadableStream } from "xz-decompress";
import { UserError } from "../../runtime/user-error";

/**
 * Reads single files of a Debian package, on any system and without Debian's tools.
 *
 * A `.deb` is an `ar` archive whose member `data.tar.xz` holds the installed files (deb(5)).
 *
 * @param bytes the package @param origin its name, for error messages
 * @param wanted paths without a leading "./"
 * @returns the contents by path
 * @throws UserError when the package is compressed in another way, or lacks a wanted file
 */
export async function readFromPackage(
  bytes: Buffer,
  origin: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Buffer>> {
  const data = archiveMembers(bytes, origin).get("data.tar.xz");
  if (!data) throw new UserError(`${origin} has no data.tar.xz. Take the package of the pinned version.`);

  const found = new Map<string, Buffer>();
  const entries = extract();
  const unpacked = Readable.fromWeb(new XzReadableStream(webStreamOf(data)));
  unpacked.on("error", (error) => entries.destroy(error)).pipe(entries);
  for await (const entry of entries) {
    const path = entry.header.name.replace(/^\.\//, "");
    if (wanted.has(path)) {
      const parts: Buffer[] = [];
      for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
      found.set(path, Buffer.concat(parts));
    } else {
      entry.resume();
    }
  }
  for (const path of wanted) {
    if (!found.has(path)) throw new UserError(`${origin} has no file ${path}. Mend the list of choices.`);
  }
  return found;
}

/** The members of a common `ar` archive: a magic line, then headers of 60 bytes, each before its content (ar(5)). */
function archiveMembers(bytes: Buffer, origin: string): Map<string, Buffer> {
  if (bytes.toString("latin1", 0, 8) !== "!<arch>\n") throw new UserError(`${origin} is no Debian package.`);
  const members = new Map<string, Buffer>();
  for (let offset = 8; offset + 60 <= bytes.length; ) {
    const name = bytes
      .toString("latin1", offset, offset + 16)
      .trim()
      .replace(/\/$/, "");
    const size = Number(bytes.toString("latin1", offset + 48, offset + 58));
    const start = offset + 60;
    members.set(name, bytes.subarray(start, start + size));
    offset = start + size + (size % 2);
  }
  return members;
}

function webStreamOf(bytes: Buffer): ReadableStream<Uint8Array> {
  const step = 1 << 20;
  let offset = 0;
  return new ReadableStream({
    pull(controller) {
      if (offset >= bytes.length) return controller.close();
      controller.enqueue(new Uint8Array(bytes.subarray(offset, offset + step)));
      offset += step;
    },
  });
}

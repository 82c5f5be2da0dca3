import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { UserError } from "../../runtime/user-error";
import { readQtResources } from "./qt-resources";

const u16 = (value: number) => Buffer.from([value >> 8, value & 255]);
const u32 = (value: number) => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);
const name = (text: string) =>
  Buffer.concat([u16(text.length), u32(0), Buffer.from(text, "utf16le").swap16()]);
const withLength = (content: Buffer) => Buffer.concat([u32(content.length), content]);

/** An archive of version 3 with a folder "art" that holds "plain.txt" and "small.txt"; flags as given for the latter. */
function archiveOf(plain: Buffer, small: Buffer, smallFlags: number): Buffer {
  const names = [name("art"), name("plain.txt"), name("small.txt")];
  const offsets = [0, names[0]!.length, names[0]!.length + names[1]!.length];
  const time = Buffer.alloc(8);
  const folder = (at: number, children: number, first: number) =>
    Buffer.concat([u32(at), u16(2), u32(children), u32(first), time]);
  const file = (at: number, flags: number, data: number) =>
    Buffer.concat([u32(at), u16(flags), u16(0), u16(0), u32(data), time]);
  const contents = [withLength(plain), withLength(small)];
  const tree = Buffer.concat([
    folder(0, 1, 1),
    folder(offsets[0]!, 2, 2),
    file(offsets[1]!, 0, 0),
    file(offsets[2]!, smallFlags, contents[0]!.length),
  ]);
  const data = Buffer.concat(contents);
  const header = 24;
  return Buffer.concat([
    Buffer.from("qres"),
    u32(3),
    u32(header),
    u32(header + tree.length),
    u32(header + tree.length + data.length),
    u32(0),
    tree,
    data,
    ...names,
  ]);
}

test("plain and zlib-compressed files are read by path", () => {
  const text = Buffer.from("small ".repeat(50));
  const compressed = Buffer.concat([u32(text.length), deflateSync(text)]);
  const files = readQtResources(archiveOf(Buffer.from("as it is"), compressed, 1), "x.rcc");
  assert.deepEqual([...files.keys()], ["art/plain.txt", "art/small.txt"]);
  assert.equal(files.get("art/plain.txt")?.toString(), "as it is");
  assert.deepEqual(files.get("art/small.txt"), text);
});

test("another compression and what is no archive are refused by name", () => {
  const refused = (bytes: Buffer, reason: RegExp) =>
    assert.throws(
      () => readQtResources(bytes, "x.rcc"),
      (error: unknown) =>
        error instanceof UserError && error.message.includes("x.rcc") && reason.test(error.message),
    );
  refused(archiveOf(Buffer.from("a"), Buffer.from("b"), 4), /Zstandard/);
  refused(Buffer.from("no resource archive"), /no Qt resource archive/);
});

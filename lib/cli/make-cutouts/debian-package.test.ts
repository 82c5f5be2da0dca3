import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { readFromPackage } from "./debian-package";

/** A tar archive of ./usr/share/stamp.txt ("a stamp") and ./usr/share/other.txt ("another"), made by GNU tar and xz. */
const archive = Buffer.from(
  "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jM4Cf/AKVdABcLyyeJ8uv7sv6J4fnJCB0cKoHE/3Qee556tHvfnakn4vT7nJkegRFbotcR" +
    "2L0xYRF7UVlTkkgmYQ78BXWJ/8X2RlCLWiknmsonsDJKXzSnRwkX9oyxgQ2DMFrrch5ju3EsAL4mkR8ztlxB0Vnno4EoCTVF5LXh" +
    "su27bm7s4gw9A082mpWwvzEfdAzqkmxGyw+jjxgj2EhmBRxWRQ40RMiNDJgckwAAAAD6ycp5DE+4YQABwQGAUAAA96hkpbHEZ/sC" +
    "AAAAAARZWg==",
  "base64",
);

/** A member of an ar archive as ar(5) has it, padded to an even length. */
const member = (name: string, content: Buffer) =>
  Buffer.concat([
    Buffer.from(
      `${name.padEnd(16)}${"0".padEnd(12)}${"0".padEnd(6)}${"0".padEnd(6)}${"100644".padEnd(8)}${String(content.length).padEnd(10)}\`\n`,
    ),
    content,
    Buffer.from(content.length % 2 ? "\n" : ""),
  ]);
const packageOf = (...members: Buffer[]) => Buffer.concat([Buffer.from("!<arch>\n"), ...members]);

test("a file is read out of a package, and only what is wanted", async () => {
  const bytes = packageOf(member("debian-binary", Buffer.from("2.0")), member("data.tar.xz", archive));
  const files = await readFromPackage(bytes, "x.deb", new Set(["usr/share/stamp.txt"]));
  assert.deepEqual(
    [...files].map(([name, content]) => [name, content.toString()]),
    [["usr/share/stamp.txt", "a stamp\n"]],
  );
});

test("what is no package, lacks the file or the archive is refused by name", async () => {
  const refused = (bytes: Buffer, reason: RegExp) =>
    assert.rejects(
      readFromPackage(bytes, "x.deb", new Set(["usr/share/none.txt"])),
      (error: unknown) =>
        error instanceof UserError && error.message.includes("x.deb") && reason.test(error.message),
    );
  await refused(Buffer.from("not a package at all"), /no Debian package/);
  await refused(packageOf(member("data.tar.gz", archive)), /no data\.tar\.xz/);
  await refused(packageOf(member("data.tar.xz", archive)), /no file usr\/share\/none\.txt/);
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";

const compiled = path.join(__dirname, "..");
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "without-sharp-"));
after(() => fs.rmSync(folder, { recursive: true }));

const print = (script: string) => execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).trim();

test("sharp is loaded when the first image is handled, not before", () => {
  const modules = ["decode-image", "encode-image", "resize-image", "load-cutouts", "photographs"];
  const names = JSON.stringify(modules.map((name) => path.join(compiled, "node", name)));
  const loaded = print(
    `${names}.forEach((name) => require(name)); console.log(Object.keys(require.cache).some((file) => /[\\\\/]node_modules[\\\\/]sharp[\\\\/]/.test(file)))`,
  );
  assert.equal(loaded, "false");
});

test("where sharp is not installed, decoding says so and says what to do", () => {
  for (const part of ["node", "runtime", "images"]) {
    fs.cpSync(path.join(compiled, part), path.join(folder, part), { recursive: true });
  }
  const script = `require(${JSON.stringify(path.join(folder, "node", "decode-image.js"))})
    .decodeImage(new Uint8Array(9), 3, "a.png").catch((error) => console.log(error.name + ": " + error.message))`;
  assert.equal(
    print(script),
    "UserError: Reading and writing images needs the package sharp: npm install sharp",
  );
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, beforeEach, test } from "node:test";
import { projectFolder } from "../node/files";

// The digest is of the library that it lies in, so a small library is made around a copy of it.
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "code-digest-test-"));
const library = path.join(folder, "dist");
after(() => fs.rmSync(folder, { recursive: true }));
for (const file of ["experiments/code-digest.js", "runtime/sha256.js"]) {
  fs.cpSync(path.join(__dirname, "..", file), path.join(library, file));
}
fs.symlinkSync(path.join(projectFolder(), "node_modules"), path.join(folder, "node_modules"), "junction");

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(library, file)), { recursive: true });
  fs.writeFileSync(path.join(library, file), content);
}

function digest(...entries: string[]): string {
  const script = `console.log(require("./experiments/code-digest").codeDigest(${JSON.stringify(entries)}))`;
  return execFileSync(process.execPath, ["-e", script], { cwd: library, encoding: "utf8" }).trim();
}

const MASK = 'exports.pattern = /\\/\\*/; exports.text = "// no comment"; exports.more = `/* nor this */`;\n';

beforeEach(() => {
  write("run.js", 'const softmax_1 = require("./attention/softmax");\nexports.run = softmax_1.softmax;\n');
  write("attention/softmax.js", 'const deep = require("./deep");\nexports.softmax = 1;\n');
  write("attention/deep/index.js", 'const load = () => require("../mask");\nexports.deep = load;\n');
  write("attention/mask.js", MASK);
});

test("code that the entry reaches changes the digest, however deep it lies", () => {
  const before = digest("run");
  assert.match(before, /^[0-9a-f]{16}$/);
  assert.equal(digest("run"), before);
  for (const [text, other] of [
    ["// no comment", "// no remark"],
    ["/* nor this */", "/* nor that */"],
    ["/\\/\\*/", "/\\/\\*\\*/"],
  ] as const) {
    write("attention/mask.js", MASK.replace(text, other));
    assert.notEqual(digest("run"), before, text);
  }
  write("attention/mask.js", MASK);
  assert.equal(digest("run"), before);
  write("attention/deep/index.js", 'exports.deep = () => require("../masks");\n');
  fs.renameSync(path.join(library, "attention/mask.js"), path.join(library, "attention/masks.js"));
  assert.notEqual(digest("run"), before);
});

test("comments, source maps, types and files that nothing requires don't change it", () => {
  const before = digest("run");
  write(
    "attention/mask.js",
    `/** Says more. */\n// Why.\n\n${MASK.replace("exports.text", "/* here */ exports.text")}// At the end.\n//# sourceMappingURL=mask.js.map\n`,
  );
  write("attention/softmax.d.ts", "export declare const softmax: number;\n");
  write("attention/renamed-long-ago.js", "exports.old = 1;\n");
  write("attention/softmax.test.js", 'require("./softmax");\n');
  assert.equal(digest("run"), before);
});

test("several entries count whatever their order, and each adds what it reaches", () => {
  write("other.js", "exports.other = 1;\n");
  const both = digest("run", "other");
  assert.equal(digest("other", "run"), both);
  assert.notEqual(both, digest("run"));
  assert.equal(digest("run", "attention/mask"), digest("run"));
});

test("a module that is required but missing is an error that names it", () => {
  write("run.js", 'require("./nowhere");\n');
  assert.throws(() => digest("run"), /nowhere is required but is not in/);
});

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { after, test } from "node:test";

// The digest is of the library that it lies in, so a small library is made around a copy of it.
const library = fs.mkdtempSync(path.join(os.tmpdir(), "code-digest-test-"));
after(() => fs.rmSync(library, { recursive: true }));
for (const file of ["experiments/code-digest.js", "runtime/files.js", "runtime/user-error.js"]) {
  fs.cpSync(path.join(__dirname, "..", file), path.join(library, file));
}

function write(file: string, content: string): void {
  fs.mkdirSync(path.dirname(path.join(library, file)), { recursive: true });
  fs.writeFileSync(path.join(library, file), content);
}

function digest(...floors: string[]): string {
  const script = `console.log(require("./experiments/code-digest").codeDigest(${JSON.stringify(floors)}))`;
  return execFileSync(process.execPath, ["-e", script], { cwd: library, encoding: "utf8" }).trim();
}

test("code that decides a digit changes the digest; tests, types, source maps and other floors don't", () => {
  write("attention/softmax.js", "exports.softmax = 1;\n//# sourceMappingURL=softmax.js.map\n");
  write("attention/deep/mask.js", "exports.mask = 1;\n");
  write("attention/softmax.test.js", "test(1);\n");
  write("display/table.js", "exports.table = 1;\n");
  const before = digest("attention");
  assert.match(before, /^[0-9a-f]{16}$/);

  write("attention/softmax.test.js", "test(2);\n");
  write("attention/softmax.d.ts", "export declare const softmax: number;\n");
  write("attention/softmax.js.map", "{}");
  write("attention/softmax.js", "exports.softmax = 1;\n//# sourceMappingURL=elsewhere.js.map\n");
  write("display/table.js", "exports.table = 2;\n");
  assert.equal(digest("attention"), before);

  write("attention/deep/mask.js", "exports.mask = 2;\n");
  const changed = digest("attention");
  assert.notEqual(changed, before);
  fs.renameSync(path.join(library, "attention/deep/mask.js"), path.join(library, "attention/deep/masks.js"));
  assert.notEqual(digest("attention"), changed);

  assert.notEqual(digest("attention", "display/table.js"), digest("attention"));
  assert.equal(digest("display/table.js", "attention"), digest("attention", "display/table.js"));
});

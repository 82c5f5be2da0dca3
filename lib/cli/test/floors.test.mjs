import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { findCoreImportFaults, findFloorFaults, findNotebookImportFaults } from "./floors.mjs";

/** @type {string} */
let folder;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "floors-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param {Record<string, string>} files */
function build(files) {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

describe("the order of folders", () => {
  it("accepts imports from below, from the same folder and, one way, from a neighbour", () => {
    build({
      "index.ts": 'export * from "./cli/main";\nexport * from "./runtime/random";',
      "cli/main.ts": 'import { draw } from "../display/figure";',
      "display/figure.ts": 'import type { Pool } from "../attention/pooling";',
      "attention/pooling.ts": 'import { softmax } from "./softmax";\nimport * as fs from "node:fs";',
      "attention/softmax.ts": 'const text = `import { x } from "../cli/main"`;\n// import "../cli/main";',
      "runtime/random.ts": "",
      "dist/runtime/random.js": 'require("../cli/main")',
    });
    assert.deepEqual(findFloorFaults(folder), []);
  });

  for (const [form, statement] of Object.entries({
    import: 'import { a } from "../transfer/head";',
    "type import": 'import type { A } from "../transfer/head";',
    "re-export": 'export * from "../transfer/head";',
    "dynamic import": 'await import("../transfer/head");',
    require: 'const head = require("../transfer/head");',
    "import broken over lines": 'import {\n  a,\n} from "../transfer/head";',
  })) {
    it(`refuses a higher floor: ${form}`, () => {
      build({ "attention/pooling.ts": statement, "transfer/head.ts": "" });
      const faults = findFloorFaults(folder);
      assert.equal(faults.length, 1);
      assert.match(faults[0] ?? "", /lib\/attention\/pooling\.ts imports lib\/transfer\/head\.ts.*higher/);
    });
  }

  it("refuses an import of the face from within", () => {
    build({ "index.ts": "", "cli/main.ts": 'import { everything } from "../index";' });
    assert.match(findFloorFaults(folder).join(), /cli\/main\.ts imports lib\/index\.ts/);
  });

  it("refuses a circle between files of one folder", () => {
    build({
      "graph/a.ts": 'import "./b";',
      "graph/b.ts": 'import "./c";',
      "graph/c.ts": 'import "./a";',
    });
    assert.deepEqual(findFloorFaults(folder), [
      "Files import in a circle: graph/a.ts → graph/b.ts → graph/c.ts → graph/a.ts.",
    ]);
  });

  it("refuses a circle between folders even where no file closes it", () => {
    build({
      "images/a.ts": 'import "../weights/a";',
      "images/b.ts": "",
      "weights/a.ts": "",
      "weights/b.ts": 'import "../images/b";',
    });
    assert.deepEqual(findFloorFaults(folder), ["Folders import in a circle: images → weights → images."]);
  });

  it("refuses a folder that is no floor and a file that is too long", () => {
    build({
      "helpers/a.ts": "",
      "runtime/long.ts": "//\n".repeat(301),
      "runtime/fits.ts": "//\n".repeat(300),
    });
    const faults = findFloorFaults(folder);
    assert.equal(faults.length, 2);
    assert.match(faults[0] ?? "", /lib\/helpers has no place/);
    assert.match(faults[1] ?? "", /lib\/runtime\/long\.ts has 301 lines/);
  });
});

describe("the core", () => {
  it("accepts its own packages, whole or in parts; the edge, the commands and tests may use Node", () => {
    build({
      "core.ts": 'export * from "./attention/pooling";',
      "attention/pooling.ts":
        'import * as tf from "@tensorflow/tfjs";\nimport { a } from "pure-rand/generator";',
      "attention/pooling.test.ts": 'import * as fs from "node:fs";\nimport "../node/files";',
      "node/files.ts": 'import * as fs from "node:fs";',
      "cli/main.ts": 'import * as path from "node:path";',
    });
    assert.deepEqual(findCoreImportFaults(folder, ["@tensorflow/tfjs", "pure-rand"]), []);
    assert.deepEqual(findFloorFaults(folder), []);
  });

  for (const name of ["node:fs", "path", "sharp", "pure-random"]) {
    it(`refuses ${name}`, () => {
      build({ "transfer/extract.ts": `import * as anything from "${name}";` });
      const [fault, ...more] = findCoreImportFaults(folder, ["pure-rand"]);
      assert.deepEqual(more, []);
      assert.ok(fault?.includes(`lib/transfer/extract.ts imports "${name}"`), fault);
    });
  }

  it("refuses the edge", () => {
    build({ "transfer/extract.ts": 'import { readImage } from "../node/decode";', "node/decode.ts": "" });
    assert.match(
      findFloorFaults(folder).join(),
      /transfer\/extract\.ts imports lib\/node\/decode\.ts.*higher/,
    );
  });
});

describe("imports of notebooks", () => {
  /** @param {string} source */
  const faultsOf = (source) => {
    build({ "01.ipynb": JSON.stringify({ cells: [{ cell_type: "code", source: [source] }] }) });
    return findNotebookImportFaults(folder, ["sharp"]);
  };

  it("accepts the library's face, declared packages and Node's own modules", () => {
    assert.deepEqual(
      faultsOf(
        'import { a } from "attention-transfer";\nimport { b } from "attention-transfer/display";\nimport sharp from "sharp";\nimport "node:fs";',
      ),
      [],
    );
  });

  for (const name of ["attention-transfer/dist/graph/compile", "../lib/dist/index", "left-pad"]) {
    it(`refuses ${name}`, () => {
      const faults = faultsOf(`import * as deep from "${name}";`);
      assert.equal(faults.length, 1);
      assert.ok(faults[0]?.includes(`notebooks/01.ipynb imports "${name}"`));
    });
  }
});

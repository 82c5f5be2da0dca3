import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { findCommittedFaults } from "./notebook-rules.mjs";
import { runNotebook } from "./notebook-run.mjs";

// Real kernels run small notebooks that are wrong in one way each: the runner must notice every one.

/** @type {string} */
let folder;

before(() => {
  folder = mkdtempSync(path.join(tmpdir(), "notebooks-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/**
 * @param {string} name
 * @param {string[]} sources of its code cells
 * @returns {string} the notebook's file
 */
function notebookOf(name, sources) {
  const cells = sources.map((source, index) => ({
    cell_type: "code",
    id: `cell-${index}`,
    metadata: { trusted: true, tags: ["kept"] },
    execution_count: null,
    outputs: [],
    source,
  }));
  const metadata = { kernelspec: { name: "tslab", display_name: "", language: "typescript" } };
  const file = path.join(folder, `${name}.ipynb`);
  writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }));
  return file;
}

const wait = (/** @type {number} */ milliseconds) =>
  `await new Promise((resolve) => setTimeout(resolve, ${milliseconds}));`;

/** @type {Record<string, { cells: string[], faults: RegExp[], limit?: number }>} */
const wrong = {
  "an error in a cell": {
    cells: ["console.log(1);", 'throw new RangeError("too far");', "console.log(3);"],
    faults: [/^Stopped in code cell 2: error\.[\s\S]*RangeError: too far/],
  },
  "a package that is missing": {
    cells: ['import * as missing from "no-such-package";\nconsole.log(missing);'],
    faults: [/^Stopped in code cell 1: error\.[\s\S]*Cannot find module 'no-such-package'/],
  },
  "what is thrown outside of a cell, while another runs and after the last": {
    cells: [
      'void Promise.reject(new Error("lost"));',
      'setTimeout(() => {\n  throw new Error("tick");\n}, 50);',
      wait(500),
      `void (async () => {\n  ${wait(200)}\n  throw "late";\n})();`,
    ],
    faults: [
      /^Code cell 3 shows an error:\nUncaughtException: Error: tick/,
      /^Code cell 1 left an error behind.*\nUnhandledPromiseRejection: Error: lost/,
      /^Code cell 4 left an error behind.*\nUnhandledPromiseRejection: late/,
    ],
  },
  "a kernel that goes away": {
    cells: ["process.exit(3);"],
    faults: [/^Stopped in code cell 1: the kernel's process ended\./],
  },
  "a cell that never ends": {
    cells: ["while (true) {}"],
    faults: [/^Stopped in code cell 1: time limit\./],
    limit: 3,
  },
};

describe("running a notebook", { concurrency: 2 }, () => {
  for (const [name, { cells, faults, limit }] of Object.entries(wrong)) {
    it(`notices ${name}`, async () => {
      const run = await runNotebook(notebookOf(name.replaceAll(/\W/g, "-"), cells), { limit });
      assert.equal(run.faults.length, faults.length, run.faults.join("\n"));
      for (const [index, fault] of faults.entries()) assert.match(run.faults[index] ?? "", fault);
    });
  }

  it("passes a sound one, and what it writes can be committed", async () => {
    const sources = ["const answer: number = 6 * 7;", `${wait(10)}\nconsole.log("a");\nconsole.log(answer);`];
    const file = notebookOf("sound", sources);
    const before = readFileSync(file, "utf8");
    /** @type {string[]} */
    const progress = [];
    const run = await runNotebook(file, {
      onProgress: (done, total) => progress.push(`${done} of ${total}`),
    });
    assert.deepEqual(run.faults, []);
    assert.deepEqual(progress, ["1 of 2", "2 of 2"]);
    assert.equal(readFileSync(file, "utf8"), before);

    const executed = JSON.parse(run.executed);
    assert.deepEqual(findCommittedFaults(executed), []);
    assert.deepEqual(executed.cells[1].outputs, [
      { name: "stdout", output_type: "stream", text: ["a\n", "42\n"] },
    ]);
    assert.deepEqual(executed.cells[1].metadata, { tags: ["kept"] });
    assert.equal(executed.cells[1].execution_count, 2);
    executed.cells[0].source = "const answer = 43;";
    assert.match(findCommittedFaults(executed).join(), /made by other code/);
  });
});

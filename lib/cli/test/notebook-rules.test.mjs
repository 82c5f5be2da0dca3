import assert from "node:assert/strict";
import { homedir } from "node:os";
import { describe, it } from "node:test";
import { findCommittedFaults, findOutputFaults, showsError, sourceDigest } from "./notebook-rules.mjs";
import { findSizeFaults } from "./notebook-size.mjs";

/** @typedef {import("./notebook-rules.mjs").Output} Output */

/**
 * @param {Output[]} outputs
 * @returns {import("./notebook-rules.mjs").Notebook} one executed cell with these outputs
 */
function notebookWith(outputs) {
  /** @type {import("./notebook-rules.mjs").Notebook} */
  const notebook = {
    cells: [{ cell_type: "code", source: "draw();", execution_count: 1, outputs }],
    metadata: { kernelspec: { name: "tslab" } },
  };
  notebook.metadata.executed_source_sha256 = sourceDigest(notebook);
  return notebook;
}

/** @param {string} text @returns {Output} */
const stderr = (text) => ({ output_type: "stream", name: "stderr", text: [text] });

describe("outputs of a notebook", () => {
  it("may hold a warning, a picture, a web address and prose about errors", () => {
    const outputs = [
      stderr("careful: the mask is empty at 3 positions\n"),
      {
        output_type: "display_data",
        data: { "image/png": "/root/AAAA", "text/plain": "see https://x.org/home/ada" },
      },
      { output_type: "stream", name: "stdout", text: "Error: read as an example\n    at the board (3:14)\n" },
    ];
    assert.deepEqual(findCommittedFaults(notebookWith(/** @type {Output[]} */ (outputs))), []);
  });

  it("may not hold an error, in Jupyter's form or in tslab's", () => {
    const faults = findOutputFaults(
      notebookWith([
        { output_type: "error", traceback: ["boom"] },
        stderr("TypeError: x\n    at evalmachine.<anonymous>:3:22\n"),
      ]),
    );
    assert.deepEqual(
      faults.map((fault) => fault.split("\n")[0]),
      ["Code cell 1 failed:", "Code cell 1 shows an error:"],
    );
  });

  for (const place of [
    `${homedir()}/photographs`,
    "/home/ada/x",
    "file:///home/ada/x",
    "/Users/ada/x",
    "C:\\Users\\ada\\x",
  ]) {
    it(`may not name a folder of one machine: ${place}`, () => {
      const figure = { data: [{ hovertext: [`read from ${place}`] }] };
      const output = /** @type {Output} */ ({
        output_type: "display_data",
        data: { "application/vnd.plotly.v1+json": figure },
      });
      assert.match(findOutputFaults(notebookWith([output])).join(), /shows a folder of one machine/);
    });
  }

  it("mean nothing where no code ran, be it blank or a comment", () => {
    const notebook = notebookWith([{ output_type: "stream", name: "stdout", text: "1\n" }]);
    for (const source of ["", " \n", "// Here you will write\n// your own.\n", "/* later\n */"]) {
      notebook.cells = [{ cell_type: "code", source, execution_count: 1, outputs: [] }];
      assert.deepEqual(findOutputFaults(notebook), ["No code was run."]);
    }
    notebook.cells = [{ cell_type: "code", source: "draw();", execution_count: null, outputs: [] }];
    assert.deepEqual(findOutputFaults(notebook), ["No code was run."]);
  });

  it("must be there, from every cell, from this source and from the tslab kernel", () => {
    assert.match(findCommittedFaults(notebookWith([])).join(), /It has no outputs/);
    const shown = notebookWith([{ output_type: "stream", name: "stdout", text: "1\n" }]);
    const unrun = { cell_type: /** @type {const} */ ("code"), source: "more();", execution_count: null };
    shown.cells.push(unrun);
    assert.match(findCommittedFaults(shown).join(), /made by other code/);
    assert.deepEqual(findOutputFaults(shown), ["Code cells that were not run: 2."]);
    shown.cells.pop();
    shown.metadata.kernelspec = { name: "python3" };
    assert.deepEqual(findCommittedFaults(shown), ["Its kernel is not tslab."]);
  });
});

describe("pictures in a notebook", () => {
  const bytes = Buffer.from(Array.from({ length: 3000 }, (_, index) => (index * 31) % 251)).toString(
    "base64",
  );
  const html = `<img alt="x" src="data:image/png;base64,${bytes}">`;

  it("are stored once in an output, and may come again in another", () => {
    const twice = { output_type: "display_data", data: { "text/html": html, "image/png": `${bytes}\n` } };
    const once = { output_type: "display_data", data: { "text/html": [html], "text/plain": "x" } };
    const faultsOf = (/** @type {unknown[]} */ outputs) =>
      findOutputFaults(notebookWith(/** @type {Output[]} */ (outputs)));
    assert.deepEqual(faultsOf([twice]), ["Code cell 1 has a picture twice in one output."]);
    assert.deepEqual(faultsOf([once, once]), []);
  });

  it("don't make one of them, or all together, too heavy", () => {
    const small = Array.from({ length: 4 }, (_, index) => ({ name: `${index}`, bytes: 1_900_000 }));
    assert.deepEqual(findSizeFaults(small), []);
    const [own, all] = findSizeFaults([...small, { name: "5", bytes: 2_300_000 }]);
    assert.match(own ?? "", /^5 has 2\.30 MB, more than 2\.00 MB/);
    assert.match(all ?? "", /9\.90 MB together, more than 8\.00 MB/);
  });
});

describe("what tslab prints for an error", () => {
  for (const text of [
    "UnhandledPromiseRejection: just text\n",
    "UncaughtException: Error: timer\n",
    "1:7 - Type 'string' is not assignable to type 'number'.\n",
    "./part.ts 12:30 - Cannot find name 'keys'.\n",
    "Error: boom\n    at Object.execute (/x/tslab/dist/executor.js:160:38)\n",
    "Error: boom\n    at new Promise (<anonymous>)\n",
  ]) {
    it(JSON.stringify(text), () => assert.ok(showsError(text)));
  }
  it("is told from a plain warning", () => assert.ok(!showsError("look\n  at the picture: 3 of 5\n")));
});

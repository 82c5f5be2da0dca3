import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "./places.mjs";
import { explainMissingFile, explainOutput, lastLines } from "./step-error.mjs";

test("the words of pip, npm and Node for a known trouble are explained by their cause", () => {
  const cases = /** @type {const} */ ([
    ["npm warn tar TAR_ENTRY_ERROR ENOSPC: no space left on device, write", /disk is full/],
    [
      "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
      /disk is full/,
    ],
    ["npm error code ECONNREFUSED\nnpm error errno ECONNREFUSED", /network/],
    ["npm error code EAI_AGAIN", /network/],
    ["/usr/bin/python3: No module named venv", /venv module/],
    ["EACCES: permission denied, mkdir '/srv/x/.venv'", /write access/],
    ["npm error code E404", /pinned version/],
  ]);
  for (const [output, cause] of cases) assert.match(explainOutput(output) ?? "", cause, output);
});

test("pip blames the version when it can't reach the index: the network is the cause that is told", () => {
  const output = [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('...: Failed to establish a new connection: [Errno 111] Connection refused')'",
    "ERROR: Could not find a version that satisfies the requirement anyio==4.16.0 (from versions: none)",
    "ERROR: No matching distribution found for anyio==4.16.0",
  ].join("\n");
  assert.match(explainOutput(output) ?? "", /network/);
});

test("a file of the checkout that is gone is named with its remedy; another is not", () => {
  const missing = (/** @type {string} */ file) => {
    try {
      readFileSync(file);
    } catch (error) {
      return explainMissingFile(error);
    }
    throw new Error(`${file} is there`);
  };
  assert.match(
    missing(path.join(root, "no-such.txt")) ?? "",
    /^no-such\.txt is missing\..*`git restore no-such/,
  );
  assert.equal(missing(path.join(root, "..", "no-such-checkout", "file")), undefined);
  assert.equal(explainMissingFile(new Error("ENOENT")), undefined);
});

test("an unknown trouble is shown by its last lines that say something", () => {
  assert.equal(explainOutput("error: expected ';' before '}' token"), undefined);
  assert.equal(lastLines("one\n\ntwo\n   \nthree\n", 2), "two\nthree");
});

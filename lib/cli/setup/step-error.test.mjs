import assert from "node:assert/strict";
import { test } from "node:test";
import { explainOutput, lastLines } from "./step-error.mjs";

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

test("an unknown trouble is shown by its last lines that say something", () => {
  assert.equal(explainOutput("error: expected ';' before '}' token"), undefined);
  assert.equal(lastLines("one\n\ntwo\n   \nthree\n", 2), "two\nthree");
});

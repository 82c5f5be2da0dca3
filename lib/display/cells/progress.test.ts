import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { UserError } from "../../runtime/user-error";
import { endProgressLine, notebookProgress, terminalProgress } from "./progress";

function stream(isTTY: boolean, columns = 80) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

/** Lets a test decide what time it is; `performance.now` is the only clock that progress reads. */
function clock(context: { after(fn: () => void): void }) {
  let now = 0;
  const faked = mock.method(performance, "now", () => now);
  context.after(() => faked.mock.restore());
  return {
    advance(milliseconds: number) {
      now += milliseconds;
    },
  };
}

test("a terminal gets one line that is rewritten, at most ten times a second, and ended once", (context) => {
  const time = clock(context);
  const terminal = stream(true);
  const report = terminalProgress("epochs", terminal);
  for (let done = 0; done <= 100; done++) {
    report(done, 100);
    time.advance(10);
  }
  report(100, 100);
  assert.equal(terminal.written.length, 11);
  assert.ok(terminal.written.every((text) => text.startsWith("\repochs ")));
  assert.match(terminal.written[5]!, /50\/100 · 0\.5 s · about 0\.5 s left/);
  assert.ok(!terminal.written.slice(0, -1).join("").includes("\n"));
  assert.match(terminal.written[10]!, /100\/100 · 1\.0 s[^\n]*\n$/);
});

test("a line never wraps, and an unfinished one is ended before a message", () => {
  const terminal = stream(true, 20);
  terminalProgress("a label that is far too long for it", terminal)(1, 9);
  assert.equal(terminal.written[0]!.replace("\r", "").replace("\u001b[K", "").length, 19);
  endProgressLine();
  endProgressLine();
  assert.deepEqual(terminal.written.slice(1), ["\n"]);
});

test("a log gets a line every ten seconds and the last one", (context) => {
  const time = clock(context);
  const log = stream(false);
  const report = terminalProgress("features", log);
  for (let done = 0; done <= 25; done++) {
    report(done, 25);
    time.advance(1000);
  }
  assert.deepEqual(log.written, [
    "features 10/25 · 10 s · about 15 s left\n",
    "features 20/25 · 20 s · about 5.0 s left\n",
    "features 25/25 · 25 s\n",
  ]);
});

test("what an earlier run finished is left out of the estimate", (context) => {
  const time = clock(context);
  const terminal = stream(true);
  const report = terminalProgress("runs", terminal);
  report(90, 100);
  time.advance(5000);
  report(95, 100);
  assert.match(terminal.written[1]!, /95\/100 · 5\.0 s · about 5\.0 s left/);
});

test("outside a notebook notebookProgress says so", () => {
  assert.throws(
    () => notebookProgress("x"),
    (error) => error instanceof UserError && /tslab/.test(error.message),
  );
});

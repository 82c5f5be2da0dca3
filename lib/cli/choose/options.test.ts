import assert from "node:assert/strict";
import { test } from "node:test";
import { ALL_LINES } from "../../experiments/scene-tables/tables";
import { UserError } from "../../runtime/user-error";
import { readOptions } from "./options";

test("lines are named as tables name them; all are meant where none is", () => {
  assert.equal(readOptions([], ALL_LINES).lines.length, ALL_LINES.length);
  const { lines, again } = readOptions(["probe, attention", "--again"], ALL_LINES);
  assert.deepEqual(
    [again, ...lines.map(({ regime, pooling }) => `${regime}, ${pooling}`)],
    [true, "probe, attention"],
  );
});

test("a line that there is not, and an unknown option, are refused by name", () => {
  for (const [args, message] of [
    [["probe, attentoin"], /no line "probe, attentoin".*"probe, attention"/],
    [["--agian"], /^Unknown option '--agian'\. .*npm run choose -- --help/],
  ] as const) {
    assert.throws(
      () => readOptions(args, ALL_LINES),
      (error) => error instanceof UserError && message.test(error.message),
    );
  }
});

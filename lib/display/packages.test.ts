import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "../runtime/user-error";
import { importPackage, loadPackage } from "./packages";

const named = (error: unknown) =>
  error instanceof UserError && /\(no-such-package\): npm install .*harfbuzzjs/.test(error.message);

test("a package that is not installed is named, with all that drawing needs", async () => {
  assert.throws(() => loadPackage(() => require("no-such-package")), named);
  const name: string = "no-such-package";
  await assert.rejects(
    importPackage(() => import(name)),
    named,
  );
});

test("another failure of a package stays what it is", async () => {
  const broken = new Error("broken");
  const fail = () => {
    throw broken;
  };
  assert.throws(
    () => loadPackage(fail),
    (error) => error === broken,
  );
  await assert.rejects(
    importPackage(async () => fail()),
    (error) => error === broken,
  );
});

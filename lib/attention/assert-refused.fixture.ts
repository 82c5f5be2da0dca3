import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../runtime/user-error";

/** Fails unless the work throws a UserError whose message matches, or is the given text. */
export function assertRefused(work: () => unknown, message: RegExp | string): void {
  assert.throws(
    () => tf.tidy(() => void work()),
    (error) => {
      assert.ok(error instanceof UserError, String(error));
      if (typeof message === "string") assert.equal(error.message, message);
      else assert.match(error.message, message);
      return true;
    },
  );
}

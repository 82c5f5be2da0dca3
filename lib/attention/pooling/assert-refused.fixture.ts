import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";

/** Fails unless the work throws a UserError whose message matches. */
export function assertRefused(work: () => unknown, message: RegExp): void {
  assert.throws(
    () => tf.tidy(() => void work()),
    (error) => error instanceof UserError && message.test(error.message),
    String(message),
  );
}

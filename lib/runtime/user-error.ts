/**
 * A mistake that the user can mend: a missing file, a broken image, an unknown option.
 *
 * The message says what is wrong, where, and what to do, in a sentence or two. The command line prints it
 * without a stack trace and ends with status 1; any other error is a bug and shows its stack.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

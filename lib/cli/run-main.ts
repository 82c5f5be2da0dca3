import { endProgressLine } from "../display/cells/progress";
import { UserError } from "../runtime/user-error";

/** Runs a command to its end. A mistake of the user's is said in its sentence, a bug with its stack; the exit status is 1. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    endProgressLine();
    console.error(error instanceof UserError ? error.message : error);
    process.exitCode = 1;
  });
}

import type { BackendName } from "../node/start-tensorflow";
import { UserError } from "../runtime/user-error";

/**
 * Refuses a backend on which a table can't fine-tune: at once, not by the first line that needs it, minutes later.
 * @throws UserError for every backend but the native one
 */
export function requireNative(backend: BackendName): void {
  if (backend === "native") return;
  throw new UserError(
    `This table fine-tunes convolutions, which the ${backend} backend can't. \`npm run doctor\` says why the native one ` +
      "is missing; the notebooks run on this one too.",
  );
}

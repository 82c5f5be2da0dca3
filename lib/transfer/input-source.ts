import { requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** Inputs of a backbone that can be made or read one by one, in any order and as often as wanted. */
export interface InputSource<Input> {
  /** How many there are. */
  count: number;
  /** Changes whenever anything of any input would: part of the name under which features are cached. */
  digest: string;
  /** The input at `index`. */
  load(index: number): Promise<Input>;
}

/** @throws UserError for a source that can't say how many inputs it has, or can't load them */
export function requireSource(source: InputSource<unknown>): void {
  if (typeof source?.load !== "function")
    throw new UserError(
      "A source of inputs is { count, digest, load }, such as `photographs` makes of files.",
    );
  requireWhole("The `count` of a source", source.count, 0);
}

import type { AnyBackbone } from "../backbones/backbone";
import { UserError } from "../runtime/user-error";

/**
 * A backbone of one's own may describe a cut point otherwise than it computes it.
 * @throws UserError for a batch that has not as many numbers as its cut point says
 */
export function refuseOtherSize({ name }: AnyBackbone, cut: string, numbers: number, expected: number): void {
  if (numbers === expected) return;
  throw new UserError(
    `${name} gives ${numbers} numbers at its cut point "${cut}" for a batch that should have ${expected}. ` +
      "Describe the cut point with the grid and channels that it has.",
  );
}

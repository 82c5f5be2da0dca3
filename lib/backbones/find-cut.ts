import { UserError } from "../runtime/user-error";
import type { AnyCutPoint } from "./backbone";

/** @throws UserError when the backbone has no cut point of this name. */
export function findCut<Cut extends AnyCutPoint>(
  backbone: { readonly name: string; readonly cutPoints: readonly Cut[] },
  cut: string,
): Cut {
  const found = backbone.cutPoints.find(({ name }) => name === cut);
  if (found) return found;
  const names = backbone.cutPoints.map(({ name }) => name).join(", ");
  throw new UserError(`${backbone.name} has no cut point "${cut}". Choose one of ${names}.`);
}

/**
 * Positions at `from` between neighbouring positions at `to`, along each axis of the grid.
 * @throws UserError where these are no whole numbers
 */
export function stridesBetween(from: AnyCutPoint, to: AnyCutPoint): readonly number[] {
  const [before, after] = [from, to].map((cut) =>
    "strides" in cut ? cut.strides : [cut.stride, cut.stride],
  );
  const strides = after!.map((stride, axis) => stride / before![axis]!);
  if (strides.length === before!.length && strides.every(Number.isSafeInteger)) return strides;
  throw new UserError(
    `The strides ${before!.join(" × ")} of the cut point "${from.name}" don't divide ${after!.join(" × ")} of ` +
      `"${to.name}", so a mask can't follow. Mend the backbone's cut points.`,
  );
}

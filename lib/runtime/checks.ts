import { UserError } from "./user-error";

/** @throws UserError unless the value is a whole number within the limits */
export function requireWhole(
  what: string,
  value: number,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  const below = least > Number.MIN_SAFE_INTEGER ? `, at least ${least}` : "";
  const limits = most === Number.MAX_SAFE_INTEGER ? below : ` in ${least} … ${most}`;
  throw new UserError(`${what} must be a whole number${limits}, not ${shown(value)}.`);
}

/** @throws UserError unless the value lies within the limits */
export function requireBetween(what: string, value: number, least: number, most: number): number {
  if (typeof value === "number" && value >= least && value <= most) return value;
  throw new UserError(`${what} must lie in ${least} … ${most}, not ${shown(value)}.`);
}

/**
 * A learning rate: a number above 0 that stays one in single precision, in which weights are changed.
 * @throws UserError for another
 */
export function requireRate(what: string, value: number): number {
  const single = typeof value === "number" ? Math.fround(value) : Number.NaN;
  if (single > 0 && Number.isFinite(single)) return value;
  throw new UserError(`${what} must be a number above 0, such as 1e-3, not ${shown(value)}.`);
}

/**
 * The share of an average that is kept from step to step: in [0, 1), in single precision too.
 * @throws UserError for another
 */
export function requireDecay(what: string, value: number): number {
  if (typeof value === "number" && value >= 0 && Math.fround(value) < 1) return value;
  throw new UserError(`${what} must be at least 0 and less than 1, not ${shown(value)}.`);
}

/** The place of the first number that is NaN or infinite; −1 where there is none. */
export function firstNotFinite(values: ArrayLike<number>): number {
  // A number minus itself is 0, except for these: much faster than a call for each number.
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return i;
  return -1;
}

/** A wrong value in a sentence: a text in quotes, so that "3" can be told from 3. */
export function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

import { UserError } from "../runtime/user-error";

/** @throws UserError unless the value is a whole number within the limits */
export function requireWhole(what: string, value: number, least: number, most: number): number {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new UserError(`${what} must be a whole number in ${least} … ${most}, not ${value}.`);
}

/** @throws UserError unless the value lies within the limits */
export function requireBetween(what: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new UserError(`${what} must lie in ${least} … ${most}, not ${value}.`);
}

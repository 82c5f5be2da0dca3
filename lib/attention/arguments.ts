import * as checks from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** @throws UserError that names the layer and the option, unless the value is a whole number of at least `least`. */
export function requireWhole(layer: string, option: string, value: number, least: number): number {
  return checks.requireWhole(`${layer}: ${option}`, value, least);
}

/** @throws UserError that names the layer and the option, unless the value is one of the known ones. */
export function requireOneOf<T extends string>(
  layer: string,
  option: string,
  value: T,
  known: readonly T[],
): T {
  if (known.includes(value)) return value;
  throw new UserError(`${layer}: ${option} must be one of ${known.join(", ")}, not ${value}.`);
}

/** @throws UserError that names the layer and the option, unless the value is an odd whole number: it has a middle. */
export function requireOdd(layer: string, option: string, value: number): number {
  if (requireWhole(layer, option, value, 1) % 2 === 1) return value;
  throw new UserError(`${layer}: ${option} must be odd, not ${value}.`);
}

/** @throws UserError that names the layer and the option, unless the value is a finite number above 0. */
export function requirePositive(layer: string, option: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new UserError(`${layer}: ${option} must be a number above 0, not ${value}.`);
}

/** @throws UserError that names where, unless the temperature is a number above 0. */
export function requireTemperature(where: string, temperature: number): number {
  if (Number.isFinite(temperature) && temperature > 0) return temperature;
  throw new UserError(
    `${where}: temperature must be a number above 0, not ${temperature}; below 1 it sharpens the weights, above 1 it evens them out.`,
  );
}

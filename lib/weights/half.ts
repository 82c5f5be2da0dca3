import { UserError } from "../runtime/user-error";

/** The largest number of half precision. */
const largest = 65504;
const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/**
 * Numbers as IEEE 754 binary16, rounded to the nearest, ties to even: three digits and a bit, in half of the room. What
 * `float16` of a file is read as is again the rounded number.
 * @throws UserError for a number beyond ±65,504, which half precision has not
 */
export function encodeHalf(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    if (Math.abs(values[i]!) > largest) {
      throw new UserError(
        `Number ${i}, counted from 0, is ${values[i]}, and half precision ends at ${largest}. Keep these numbers in single precision.`,
      );
    }
    halves[i] = halfOf(values[i]!);
  }
  return halves;
}

function halfOf(value: number): number {
  single[0] = value;
  const word = bits[0]!;
  const sign = (word >>> 16) & 0x8000;
  const exponent = ((word >>> 23) & 0xff) - 112;
  const fraction = word & 0x7fffff;
  if (exponent === 143) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  if (exponent > 0) return sign + roundedShift((exponent << 23) | fraction, 13);
  // Too small for a leading 1: so many steps of 2⁻²⁴.
  return exponent < -10 ? sign : sign + roundedShift(fraction | 0x800000, 14 - exponent);
}

/** A whole number divided by a power of two, rounded to the nearest, ties to even. */
function roundedShift(value: number, shift: number): number {
  const whole = value >>> shift;
  const rest = value - whole * 2 ** shift;
  const half = 2 ** (shift - 1);
  return whole + Number(rest > half || (rest === half && whole % 2 === 1));
}

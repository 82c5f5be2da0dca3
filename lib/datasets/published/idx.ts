import { UserError } from "../../runtime/user-error";

/**
 * An array of bytes in the IDX format, in which MNIST and the sets after its manner are published: two bytes 0, the type of
 * numbers (8: bytes), the number of axes, the size of each as a big-endian number of 32 bits, the numbers.
 * @param origin the file's name, for error messages
 * @param axes how many axes it must have
 * @throws UserError when it is damaged or of another kind
 */
export function parseIdx(
  bytes: Uint8Array,
  origin: string,
  axes: number,
): { shape: number[]; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 4 + 4 * axes;
  if (bytes.length >= start && view.getUint32(0) === 0x0800 + axes) {
    const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
    if (start + shape.reduce((product, size) => product * size, 1) === bytes.length)
      return { shape, data: bytes.subarray(start) };
  }
  throw new UserError(`${origin} is damaged, or no IDX file of bytes with ${axes} axes. Download it again.`);
}

import type { TensorData } from "./interfaces";

const numbers = new WeakMap<object, number>();
let given = 0;

/** A name for a tensor from outside of a step, the same for as long as the tensor is there. */
export function nameOfCaptured(dataId: object): string {
  let number = numbers.get(dataId);
  if (number === undefined) {
    number = ++given;
    numbers.set(dataId, number);
  }
  return `captured ${number}`;
}

/** A name for numbers of the step's own: the same for the same bits. */
export function nameOfConstant({ values, shape, dtype }: TensorData): string {
  const bytes = values ? new Uint8Array(values.buffer, values.byteOffset, values.byteLength) : [];
  // Two runs of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) from different beginnings: 64 bits together.
  let [first, second] = [0x811c9dc5, 0x050c5d1f];
  for (const byte of bytes) {
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second ^ byte, 0x01000193) + 1;
  }
  return `constant ${dtype} [${shape}] ${first >>> 0} ${second >>> 0}`;
}

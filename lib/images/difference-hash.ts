import { type Rectangle, resample, type Samples } from "./resample";

/** Cells along each side that are compared with their neighbours. */
const cells = 8;
/** Shares of both sides that are left when an image is looked at as if its margins had been cut off. */
const shares = [1, 0.9, 0.8];
const wordsPerHash = (2 * cells * cells) / 32;

/**
 * What an image looks like from afar, as numbers that change little when it is scaled, compressed again, made brighter or
 * cut a little: for 8 × 8 cells, one bit each for whether the cell is brighter than its neighbour on the right and than the
 * one below ("dHash", N. Krawetz 2013), of the whole image and of its middle 90 % and 80 %.
 * @param grey one channel
 * @returns three hashes of 128 bits, one behind the other, as 12 whole numbers
 */
export function differenceHashes(grey: Samples): Uint32Array {
  const hashes = new Uint32Array(shares.length * wordsPerHash);
  for (const [place, share] of shares.entries())
    writeHash(hashes.subarray(place * wordsPerHash, (place + 1) * wordsPerHash), grey, middle(grey, share));
  return hashes;
}

function middle({ width, height }: Samples, share: number): Rectangle {
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * share))) as [number, number];
  return { left: Math.floor((width - w) / 2), top: Math.floor((height - h) / 2), width: w, height: h };
}

function writeHash(hash: Uint32Array, grey: Samples, part: Rectangle): void {
  const side = cells + 1;
  const { data } = resample(grey, part, side, side);
  let bit = 0;
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const here = row * side + column;
      for (const neighbour of [here + 1, here + side]) {
        if (data[here]! > data[neighbour]!) hash[bit >>> 5]! |= 1 << (bit & 31);
        bit++;
      }
    }
  }
}

/**
 * How far two images are from showing the same: the smallest number of bits, 0 … 128, in which one's whole differs from the
 * other's whole or middle.
 */
export function hashDistance(one: Uint32Array, other: Uint32Array): number {
  let least = 2 * cells * cells;
  for (let share = 0; share < shares.length; share++) {
    least = Math.min(least, differingBits(one, 0, other, share), differingBits(one, share, other, 0));
  }
  return least;
}

function differingBits(one: Uint32Array, first: number, other: Uint32Array, second: number): number {
  let count = 0;
  for (let word = 0; word < wordsPerHash; word++)
    count += ones(one[first * wordsPerHash + word]! ^ other[second * wordsPerHash + word]!);
  return count;
}

/** How many bits of a 32-bit number are set. */
function ones(value: number): number {
  let bits = value - ((value >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

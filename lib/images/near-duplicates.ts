import { hashDistance } from "./difference-hash";

/**
 * Bits of 128 in which two images may differ and still count as one photograph. Of 185 real photographs (17,020 pairs) the
 * copies of one, compressed and scaled differently, differed in 0 to 3, and no two others in less than 20; compressed to a
 * quality of 40, halved or brightened by a quarter, 98 of 100 stay within 12.
 */
export const NEAR_DUPLICATE_BITS = 14;

/**
 * Puts images that show the same photograph into one group, directly or through others.
 * @param hashes of each image, as `differenceHashes` gives them
 * @returns for each image the place of the first image of its group
 */
export function nearDuplicates(hashes: readonly Uint32Array[]): Int32Array {
  const first = Int32Array.from(hashes, (_, place) => place);
  const rootOf = (place: number) => {
    let root = place;
    while (first[root] !== root) root = first[root]!;
    return root;
  };
  for (let one = 1; one < hashes.length; one++) {
    for (let other = 0; other < one; other++) {
      if (hashDistance(hashes[one]!, hashes[other]!) > NEAR_DUPLICATE_BITS) continue;
      const [a, b] = [rootOf(one), rootOf(other)];
      first[Math.max(a, b)] = Math.min(a, b);
    }
  }
  return first.map((_, place) => rootOf(place));
}

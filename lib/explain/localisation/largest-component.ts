import type { Rectangle } from "../../images/resample";

/**
 * For every threshold from the highest level down, the box of the largest connected component of
 * {pixels whose level is at least the threshold}. Neighbours touch along a side or at a corner (8-connectivity).
 * The largest has the most pixels; of equals, the one whose first pixel in reading order comes first.
 *
 * One pass over the pixels from high to low joins components as they grow (union-find), so that a thousand
 * thresholds cost no more than one.
 *
 * @param levels row-major `[height, width]`, whole numbers 0 … highest
 * @returns boxes by threshold, 0 … highest; `undefined` where no pixel is as high
 */
export function largestComponentBoxes(
  levels: ArrayLike<number>,
  width: number,
  height: number,
  highest: number,
): (Rectangle | undefined)[] {
  const order = Uint32Array.from({ length: width * height }, (_, pixel) => pixel);
  order.sort((a, b) => levels[b]! - levels[a]!);
  const components = new Components(width, height);
  const boxes: (Rectangle | undefined)[] = new Array(highest + 1);
  let next = 0;
  for (let level = highest; level >= 0; level--) {
    while (next < order.length && levels[order[next]!]! >= level) components.add(order[next++]!);
    boxes[level] = components.largestBox();
  }
  return boxes;
}

/** Connected components of a growing set of pixels. */
class Components {
  /** The pixel that each pixel hangs on; a component's root hangs on itself, and on −1 what was not added yet. */
  private readonly parents: Int32Array;
  private readonly sizes: Uint32Array;
  private readonly firsts: Uint32Array;
  private readonly lefts: Uint32Array;
  private readonly rights: Uint32Array;
  private readonly bottoms: Uint32Array;
  private largest = -1;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    const count = width * height;
    this.parents = new Int32Array(count).fill(-1);
    this.sizes = new Uint32Array(count).fill(1);
    this.firsts = Uint32Array.from({ length: count }, (_, pixel) => pixel);
    this.lefts = Uint32Array.from({ length: count }, (_, pixel) => pixel % width);
    this.rights = this.lefts.slice();
    this.bottoms = Uint32Array.from({ length: count }, (_, pixel) => Math.floor(pixel / width));
  }

  add(pixel: number): void {
    this.parents[pixel] = pixel;
    const [x, y] = [pixel % this.width, Math.floor(pixel / this.width)];
    for (let row = Math.max(0, y - 1); row <= Math.min(this.height - 1, y + 1); row++) {
      for (let column = Math.max(0, x - 1); column <= Math.min(this.width - 1, x + 1); column++) {
        const neighbour = row * this.width + column;
        if (this.parents[neighbour]! >= 0) this.join(pixel, neighbour);
      }
    }
    const root = this.rootOf(pixel);
    if (this.largest < 0 || this.isLarger(root, this.rootOf(this.largest))) this.largest = root;
  }

  largestBox(): Rectangle | undefined {
    if (this.largest < 0) return undefined;
    const root = this.rootOf(this.largest);
    const left = this.lefts[root]!;
    // Reading order goes row by row, so the first pixel lies in the top row.
    const top = Math.floor(this.firsts[root]! / this.width);
    return { left, top, width: this.rights[root]! - left + 1, height: this.bottoms[root]! - top + 1 };
  }

  private isLarger(root: number, other: number): boolean {
    if (this.sizes[root] !== this.sizes[other]) return this.sizes[root]! > this.sizes[other]!;
    return this.firsts[root]! < this.firsts[other]!;
  }

  private rootOf(pixel: number): number {
    let root = pixel;
    while (this.parents[root] !== root) {
      // Every pixel on the way is hung one higher, which keeps the ways short.
      this.parents[root] = this.parents[this.parents[root]!]!;
      root = this.parents[root]!;
    }
    return root;
  }

  private join(a: number, b: number): void {
    const [first, second] = [this.rootOf(a), this.rootOf(b)];
    if (first === second) return;
    const [root, child] = this.sizes[first]! >= this.sizes[second]! ? [first, second] : [second, first];
    this.parents[child] = root;
    this.sizes[root]! += this.sizes[child]!;
    this.firsts[root] = Math.min(this.firsts[root]!, this.firsts[child]!);
    this.lefts[root] = Math.min(this.lefts[root]!, this.lefts[child]!);
    this.rights[root] = Math.max(this.rights[root]!, this.rights[child]!);
    this.bottoms[root] = Math.max(this.bottoms[root]!, this.bottoms[child]!);
  }
}

/** How position embeddings are brought to another grid: cubic convolution (Keys 1981), one axis after the other. */
export interface Resampling {
  /** Keys' a: −0.75 as PyTorch's `bicubic` has it, −0.5 as its antialiased one and PIL's. */
  sharpness: -0.75 | -0.5;
  /** Whether the kernel widens where the grid gets coarser. */
  antialias: boolean;
  /** What is added to the new side when the scale is computed: 0.1 in DINOv2's own code, which keeps old roundings alive. */
  offset: number;
}

/**
 * Position embeddings of a square grid at another number of patches.
 * @param values `[side, side, channels]`, row-major
 * @returns `[newSide, newSide, channels]`
 */
export function resamplePositions(
  values: Float32Array,
  side: number,
  newSide: number,
  resampling: Resampling,
): Float32Array {
  if (side === newSide) return values;
  const channels = values.length / side ** 2;
  const taps = tapsOf(side, newSide, resampling);
  // Rows: [side, side · channels] → [newSide, side · channels].
  const rows = mixed(values, 1, side, side * channels, taps);
  return mixed(rows, newSide, side, channels, taps);
}

/** Of each new place the old places that it is made of, and their weights, which sum to one. */
function tapsOf(side: number, newSide: number, { sharpness: a, antialias, offset }: Resampling) {
  const scale = side / (newSide + offset);
  const width = antialias ? Math.max(1, scale) : 1;
  return Array.from({ length: newSide }, (_, place) => {
    const centre = (place + 0.5) * scale - 0.5;
    const taps = new Map<number, number>();
    let sum = 0;
    for (let source = Math.ceil(centre - 2 * width); source <= centre + 2 * width; source++) {
      // Antialiasing leaves out what lies beside the grid, the plain kernel repeats the edge.
      if (antialias && (source < 0 || source >= side)) continue;
      const at = Math.min(Math.max(source, 0), side - 1);
      const weight = cubic(Math.abs(source - centre) / width, a);
      taps.set(at, (taps.get(at) ?? 0) + weight);
      sum += weight;
    }
    return [...taps].map(([at, weight]) => [at, weight / sum] as const);
  });
}

function cubic(x: number, a: number): number {
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

/** Replaces the middle axis of `[before, side, after]` by mixtures of its places. */
function mixed(
  values: Float32Array,
  before: number,
  side: number,
  after: number,
  taps: (readonly (readonly [number, number])[])[],
): Float32Array {
  const result = new Float32Array(before * taps.length * after);
  for (let b = 0; b < before; b++)
    for (const [place, sources] of taps.entries())
      for (let i = 0; i < after; i++) {
        let sum = 0;
        for (const [at, weight] of sources) sum += weight * values[(b * side + at) * after + i]!;
        result[(b * taps.length + place) * after + i] = sum;
      }
  return result;
}

/**
 * Catmull-Rom interpolation along one axis: a cell's value lies at its centre, and beyond the outermost
 * centres the outermost value goes on.
 */
function stretch(
  values: Float32Array,
  from: number,
  to: number,
  lines: number,
  step: number,
  lineStep: number,
) {
  const result = new Float32Array(lines * to);
  for (let target = 0; target < to; target++) {
    const position = ((target + 0.5) * from) / to - 0.5;
    const below = Math.floor(position);
    const t = position - below;
    const kernel = [
      ((-t + 2) * t - 1) * t * 0.5,
      ((3 * t - 5) * t * t + 2) * 0.5,
      ((-3 * t + 4) * t + 1) * t * 0.5,
      (t - 1) * t * t * 0.5,
    ];
    for (let line = 0; line < lines; line++) {
      let sum = 0;
      for (let tap = 0; tap < 4; tap++) {
        const source = Math.min(from - 1, Math.max(0, below - 1 + tap));
        sum += kernel[tap]! * values[line * lineStep + source * step]!;
      }
      result[line * to + target] = sum;
    }
  }
  return result;
}

/** A grid of values enlarged to `height` × `width`, row-major. Overshoot of the interpolation is not cut. */
export function enlargeGrid(
  values: ArrayLike<number>,
  rows: number,
  columns: number,
  height: number,
  width: number,
): Float32Array {
  const wide = stretch(Float32Array.from(values), columns, width, rows, 1, columns);
  const tall = stretch(wide, rows, height, width, width, 1); // [width, height]
  const result = new Float32Array(height * width);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) result[y * width + x] = tall[x * height + y]!;
  return result;
}

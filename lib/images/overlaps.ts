/** Which pixels of a line each of equal cells overlaps, and by how much of a pixel. */
export function overlaps(pixels: number, cells: number): { cell: number; pixel: number; share: number }[] {
  const found = [];
  for (let cell = 0; cell < cells; cell++) {
    const start = (cell * pixels) / cells;
    const end = ((cell + 1) * pixels) / cells;
    for (let pixel = Math.floor(start); pixel < Math.ceil(end); pixel++) {
      const share = Math.min(end, pixel + 1) - Math.max(start, pixel);
      if (share > 0) found.push({ cell, pixel, share });
    }
  }
  return found;
}

/** Plotly's own form of a typed array in JSON: numbers of 32 bits in base 64. */
interface PackedNumbers {
  dtype: "f4";
  bdata: string;
  /** "rows, columns" */
  shape: string;
}

const isGrid = (value: unknown): value is number[][] =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every((row) => Array.isArray(row) && row.length > 0 && row.every((one) => typeof one === "number"));

function packed(grid: number[][]): PackedNumbers {
  const numbers = Float32Array.from(grid.flat());
  const bytes = Buffer.from(numbers.buffer);
  return { dtype: "f4", bdata: bytes.toString("base64"), shape: `${grid.length}, ${grid[0]!.length}` };
}

/**
 * A figure's JSON with the numbers of its heat maps (`z`) packed, wherever they stand: in traces, in frames, and in what
 * a slider sets. A saved notebook writes each number of a list on a line of its own, which for a grid takes ten times
 * the room.
 */
export function packGrids(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(packGrids);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => {
      if (key !== "z") return [key, packGrids(value)];
      if (isGrid(value)) return [key, packed(value)];
      // A slider's step sets one grid a trace.
      return [key, Array.isArray(value) ? value.map((one) => (isGrid(one) ? packed(one) : one)) : value];
    }),
  );
}

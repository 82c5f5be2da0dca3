interface Point {
  x: number;
  y: number;
}

/** A curve becomes this many straight pieces: the length is then right to about a thousandth. */
const piecesOfCurve = 24;

/** Points on a Bézier curve of any degree (de Casteljau), without its first point. */
function curvePoints(control: Point[]): Point[] {
  const points: Point[] = [];
  for (let piece = 1; piece <= piecesOfCurve; piece++) {
    const share = piece / piecesOfCurve;
    let level = control;
    while (level.length > 1) {
      level = level.slice(1).map((to, index) => {
        const from = level[index]!;
        return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
      });
    }
    points.push(level[0]!);
  }
  return points;
}

const numbersPerCommand: Record<string, number> = { M: 2, L: 2, H: 1, V: 1, Q: 4, C: 6, Z: 0 };

/** SVG path data as straight pieces `[from, to]`; a move adds none. Arcs do not occur in what is measured. */
function straightPieces(pathData: string): [Point, Point][] {
  const pieces: [Point, Point][] = [];
  let pen: Point = { x: 0, y: 0 };
  let start = pen;
  for (const [, letter = "", list = ""] of pathData.matchAll(/([MLHVQCZ])([^MLHVQCZ]*)/gi)) {
    const numbers = (list.match(/[-+]?(?:\d*\.\d+|\d+\.?)(?:e[-+]?\d+)?/gi) ?? []).map(Number);
    const upper = letter.toUpperCase();
    const count = numbersPerCommand[upper]!;
    const relative = letter !== upper;
    for (let first = 0; first === 0 || first < numbers.length; first += count) {
      const origin = relative ? pen : { x: 0, y: 0 };
      const values = numbers.slice(first, first + count);
      let targets: Point[] = [];
      if (upper === "Z") targets = [start];
      else if (upper === "H") targets = [{ x: origin.x + values[0]!, y: pen.y }];
      else if (upper === "V") targets = [{ x: pen.x, y: origin.y + values[0]! }];
      else {
        for (let pair = 0; pair + 1 < values.length; pair += 2) {
          targets.push({ x: origin.x + values[pair]!, y: origin.y + values[pair + 1]! });
        }
      }
      if (targets.length === 0) break;
      const end = targets[targets.length - 1]!;
      if (upper === "M" && first === 0) {
        start = end;
      } else {
        for (const to of targets.length > 1 ? curvePoints([pen, ...targets]) : targets) {
          pieces.push([pen, to]);
          pen = to;
        }
      }
      pen = end;
      if (count === 0) break;
    }
  }
  return pieces;
}

const pieceLength = ([from, to]: [Point, Point]) => Math.hypot(to.x - from.x, to.y - from.y);

/** Length of a path in pixels, as `SVGPathElement.getTotalLength` gives it. */
export function pathLength(pathData: string): number {
  return straightPieces(pathData).reduce((sum, piece) => sum + pieceLength(piece), 0);
}

/** The point at a distance along a path, as `SVGPathElement.getPointAtLength` gives it; ends are clamped. */
export function pointAlongPath(pathData: string, distance: number): Point {
  const pieces = straightPieces(pathData);
  let left = Math.max(0, distance);
  for (const piece of pieces) {
    const length = pieceLength(piece);
    if (left <= length && length > 0) {
      const [from, to] = piece;
      return { x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length };
    }
    left -= length;
  }
  return pieces[pieces.length - 1]?.[1] ?? { x: 0, y: 0 };
}

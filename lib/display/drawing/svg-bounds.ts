import type { Typesetter } from "../lettering/typesetter";
import { type SvgElement, textBox } from "./svg-text";

/** A rectangle as `getBoundingClientRect` returns it, in pixels. */
export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
  width: number;
  height: number;
  x: number;
  y: number;
}

interface Point {
  x: number;
  y: number;
}

/** Where an SVG `transform` attribute (`translate`, `rotate`, `scale`, `matrix`) moves a point to. */
function transformPoint(transform: string, point: Point): Point {
  const steps = [...transform.matchAll(/(\w+)\s*\(([^)]*)\)/g)];
  let { x, y } = point;
  // The last step is nearest to the element, so it is applied first.
  for (const [, name, list] of steps.reverse()) {
    const numbers = (list ?? "")
      .split(/[\s,]+/)
      .filter(Boolean)
      .map(Number);
    const [a = 0, b, c, d = 0, e = 0, f = 0] = numbers;
    if (name === "translate") {
      x += a;
      y += b ?? 0;
    } else if (name === "scale") {
      x *= a;
      y *= b ?? a;
    } else if (name === "rotate") {
      const angle = (a * Math.PI) / 180;
      const centre = { x: b ?? 0, y: c ?? 0 };
      const [offsetX, offsetY] = [x - centre.x, y - centre.y];
      x = centre.x + offsetX * Math.cos(angle) - offsetY * Math.sin(angle);
      y = centre.y + offsetX * Math.sin(angle) + offsetY * Math.cos(angle);
    } else if (name === "matrix") {
      [x, y] = [a * x + (c ?? 0) * y + e, (b ?? 0) * x + d * y + f];
    }
  }
  return { x, y };
}

function transformed(points: Point[], transform: string | null): Point[] {
  return transform ? points.map((point) => transformPoint(transform, point)) : points;
}

function corners(left: number, top: number, right: number, bottom: number): Point[] {
  return [
    { x: left, y: top },
    { x: right, y: top },
    { x: right, y: bottom },
    { x: left, y: bottom },
  ];
}

/** Corners of everything below the element that takes room, in the coordinates of the element's content. */
function contentCorners(element: SvgElement, typesetter: Typesetter): Point[] {
  if (element.tagName === "text") {
    const box = textBox(element, typesetter);
    return box ? corners(box.left, box.top, box.right, box.bottom) : [];
  }
  if (element.tagName === "rect") {
    const [x, y, width, height] = ["x", "y", "width", "height"].map((name) =>
      Number.parseFloat(element.getAttribute(name) ?? "0"),
    ) as [number, number, number, number];
    return corners(x, y, x + width, y + height);
  }
  return (Array.from(element.childNodes) as SvgElement[])
    .filter(({ nodeType }) => nodeType === 1)
    .flatMap((child) => transformed(contentCorners(child, typesetter), child.getAttribute("transform")));
}

function around(points: Point[]): Bounds {
  const xs = points.length > 0 ? points.map((point) => point.x) : [0];
  const ys = points.length > 0 ? points.map((point) => point.y) : [0];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  return { left, top, right, bottom, width: right - left, height: bottom - top, x: left, y: top };
}

/**
 * The box of a text, a rectangle or a group of these, in the element's own coordinates, as `getBBox` gives it.
 * Lines and markers count as nothing: Plotly asks only for the size of its labels.
 */
export function ownBounds(element: SvgElement, typesetter: Typesetter): Bounds {
  return around(contentCorners(element, typesetter));
}

/** The same box on the page, with the transforms of the element and of everything around it applied. */
export function pageBounds(element: SvgElement, typesetter: Typesetter): Bounds {
  let points = contentCorners(element, typesetter);
  for (let current: SvgElement | null = element; current?.getAttribute; current = current.parentNode) {
    points = transformed(points, current.getAttribute("transform"));
  }
  return around(points);
}

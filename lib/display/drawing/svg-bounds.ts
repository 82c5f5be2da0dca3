import { applyToPoint, compose, fromDefinition, fromTransformAttribute } from "transformation-matrix";
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

/** Points as an SVG `transform` attribute moves them. */
function transformed(points: Point[], transform: string | null): Point[] {
  if (!transform?.trim()) return points;
  const matrix = compose(fromDefinition(fromTransformAttribute(transform)));
  return points.map((point) => applyToPoint(matrix, point));
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

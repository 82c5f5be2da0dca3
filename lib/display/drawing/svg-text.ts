import { ascent, descent, type TextStyle } from "../lettering/text-style";
import type { Typesetter } from "../lettering/typesetter";

/** The part of the DOM that text layout touches; the library is compiled without the browser's types. */
export interface SvgNode {
  readonly nodeType: number;
  readonly textContent: string | null;
  readonly childNodes: ArrayLike<SvgNode>;
}
export interface SvgElement extends SvgNode {
  readonly tagName: string;
  readonly attributes: ArrayLike<{ name: string; value: string }>;
  readonly parentNode: SvgElement | null;
  readonly ownerDocument: SvgDocument;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  appendChild(child: SvgElement): void;
  replaceWith(other: SvgElement): void;
  querySelectorAll(selector: string): ArrayLike<SvgElement>;
}
export interface SvgDocument {
  createElementNS(namespace: string, name: string): SvgElement;
}

/** A stretch of text of one style at its final place: (`x`, `y`) is the left end of its base line. */
export interface TextRun {
  text: string;
  x: number;
  y: number;
  width: number;
  style: TextStyle;
  fill: string;
  fillOpacity: string;
}

const svgNamespace = "http://www.w3.org/2000/svg";
const elementNode = 1;
const textNode = 3;
/** Plotly puts these after a subscript to return to the base line; they have no width. */
const zeroWidth = /[\u200b\ufeff]/g;

function inlineStyle(element: SvgElement): Map<string, string> {
  const declarations = new Map<string, string>();
  for (const declaration of (element.getAttribute("style") ?? "").split(";")) {
    const colon = declaration.indexOf(":");
    if (colon > 0) declarations.set(declaration.slice(0, colon).trim(), declaration.slice(colon + 1).trim());
  }
  return declarations;
}

interface Inherited {
  style: TextStyle;
  fill: string;
  fillOpacity: string;
}

function inherit(element: SvgElement, parent: Inherited): Inherited {
  const css = inlineStyle(element);
  const value = (name: string) => css.get(name) ?? element.getAttribute(name) ?? undefined;
  const style = { ...parent.style };
  const size = value("font-size");
  if (size) {
    const factor = size.endsWith("%") ? parent.style.size / 100 : size.endsWith("em") ? parent.style.size : 1;
    style.size = Number.parseFloat(size) * factor;
  }
  const weight = value("font-weight");
  if (weight) style.bold = weight === "bold" || Number(weight) >= 600;
  const slant = value("font-style");
  if (slant) style.italic = slant === "italic" || slant === "oblique";
  return {
    style,
    fill: value("fill") ?? parent.fill,
    fillOpacity: value("fill-opacity") ?? parent.fillOpacity,
  };
}

/** Reads a length attribute in pixels (`3`, `3px`) or in the element's own font size (`1.3em`). */
function lengthOf(element: SvgElement, name: string, fontSize: number): number | undefined {
  const value = element.getAttribute(name);
  if (value === null) return undefined;
  const number = Number.parseFloat(value);
  return value.trim().endsWith("em") ? number * fontSize : number;
}

/**
 * Places the text of a `<text>` element as SVG 1.1 says (chapter 10: absolute positions start a new chunk,
 * `dx` and `dy` move the pen, `text-anchor` shifts a chunk), as far as Plotly uses it.
 */
function layOutText(element: SvgElement, typesetter: Typesetter): TextRun[] {
  const runs: TextRun[] = [];
  const anchorShare = { middle: 0.5, end: 1 }[element.getAttribute("text-anchor") ?? ""] ?? 0;
  let x = 0;
  let y = 0;
  let chunkStart = 0;
  let chunkX = 0;

  const endChunk = () => {
    const shift = anchorShare * (x - chunkX);
    for (const run of runs.slice(chunkStart)) run.x -= shift;
    chunkStart = runs.length;
  };

  const visit = (current: SvgElement, parent: Inherited) => {
    const own = inherit(current, parent);
    const length = (name: string) => lengthOf(current, name, own.style.size);
    const absoluteX = length("x");
    const absoluteY = length("y");
    if (absoluteX !== undefined || absoluteY !== undefined) {
      endChunk();
      x = absoluteX ?? x;
      y = absoluteY ?? y;
      chunkX = x;
    }
    x += length("dx") ?? 0;
    y += length("dy") ?? 0;
    for (const child of Array.from(current.childNodes)) {
      if (child.nodeType === elementNode) {
        visit(child as SvgElement, own);
      } else if (child.nodeType === textNode) {
        const text = (child.textContent ?? "").replace(zeroWidth, "").replace(/\s/g, " ");
        if (text === "") continue;
        const width = typesetter.width(text, own.style);
        runs.push({ text, x, y, width, style: own.style, fill: own.fill, fillOpacity: own.fillOpacity });
        x += width;
      }
    }
  };
  visit(element, { style: { size: 12 }, fill: "#000", fillOpacity: "1" });
  endChunk();
  return runs;
}

/** Box around the text of a `<text>` element in its own coordinates, or undefined when it has none. */
export function textBox(
  element: SvgElement,
  typesetter: Typesetter,
): { left: number; top: number; right: number; bottom: number } | undefined {
  const runs = layOutText(element, typesetter);
  if (runs.length === 0) return undefined;
  return {
    left: Math.min(...runs.map((run) => run.x)),
    top: Math.min(...runs.map((run) => run.y - ascent * run.style.size)),
    right: Math.max(...runs.map((run) => run.x + run.width)),
    bottom: Math.max(...runs.map((run) => run.y + descent * run.style.size)),
  };
}

const positionAttributes = new Set(["x", "y", "dx", "dy", "text-anchor", "style", "data-unformatted"]);

/** Replaces every `<text>` below `root` by a group of outlines with a label that says the text. */
export function outlineTexts(root: SvgElement, typesetter: Typesetter): void {
  for (const text of Array.from(root.querySelectorAll("text"))) {
    const group = text.ownerDocument.createElementNS(svgNamespace, "g");
    for (const { name, value } of Array.from(text.attributes)) {
      if (!positionAttributes.has(name)) group.setAttribute(name, value);
    }
    const css = inlineStyle(text);
    const opacity = css.get("opacity");
    if (opacity) group.setAttribute("opacity", opacity);
    const runs = layOutText(text, typesetter);
    group.setAttribute("aria-label", runs.map((run) => run.text).join(""));
    for (const run of runs) {
      const path = text.ownerDocument.createElementNS(svgNamespace, "path");
      path.setAttribute("d", typesetter.outline(run.text, run.x, run.y, run.style));
      path.setAttribute("fill", run.fill);
      path.setAttribute("fill-opacity", run.fillOpacity);
      group.appendChild(path);
    }
    text.replaceWith(group);
  }
}

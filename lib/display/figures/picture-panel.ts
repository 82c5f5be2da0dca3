import type { Layout } from "plotly.js-dist";
import type { PixelImage } from "../../images/pixel-image";
import { fontSize } from "./house-template";

/** A rectangle of a figure in pixels, from the upper left corner of the area that its margins leave. */
export interface Rectangle {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** Converts pixels into Plotly's "paper" coordinates, which run from 0 to 1 and upwards. */
export function paperOf(width: number, height: number) {
  return {
    x: (pixels: number) => pixels / width,
    y: (pixels: number) => 1 - pixels / height,
    domains: ({ left, top, width: wide, height: high }: Rectangle) => ({
      x: [left / width, (left + wide) / width] as [number, number],
      y: [1 - (top + high) / height, 1 - top / height] as [number, number],
    }),
  };
}

/**
 * A photograph in a figure: axes in its pixels that are not seen and don't zoom, with the picture below or above the
 * traces.
 * @param axis which of the figure's axes: "" for x and y, "2" for x2 and y2, …
 */
export function picturePanel(
  axis: "" | "2" | "3" | "4",
  source: string,
  { width, height }: PixelImage,
  domains: { x: [number, number]; y: [number, number] },
  layer: "below" | "above" = "below",
): { axes: Partial<Layout>; image: NonNullable<Layout["images"]>[number] } {
  const hidden = { visible: false, fixedrange: true };
  const axes: Record<string, unknown> = {
    [`xaxis${axis}`]: { ...hidden, range: [0, width], domain: domains.x, anchor: `y${axis}` },
    [`yaxis${axis}`]: { ...hidden, range: [height, 0], domain: domains.y, anchor: `x${axis}` },
  };
  return {
    axes: axes as Partial<Layout>,
    image: {
      source,
      xref: `x${axis}`,
      yref: `y${axis}`,
      x: 0,
      y: 0,
      sizex: width,
      sizey: height,
      xanchor: "left",
      yanchor: "top",
      sizing: "stretch",
      layer,
    } as NonNullable<Layout["images"]>[number],
  };
}

/** A picture at a fixed place of a figure, which no axis moves: `place` in paper coordinates, its left upper corner. */
export function fixedPicture(
  source: string,
  place: { x: number; y: number; sizex: number; sizey: number },
): NonNullable<Layout["images"]>[number] {
  const at = {
    xref: "paper",
    yref: "paper",
    xanchor: "left",
    yanchor: "top",
    sizing: "stretch",
    layer: "below",
  };
  return { source, ...place, ...at } as NonNullable<Layout["images"]>[number];
}

/** The controls' look. Plotly fills the button that is active, and that one alone, with a near white. */
export const buttonLook = { bgcolor: "#dedede", bordercolor: "#8c8c8c" };
export const sliderHeight = 84;
export const sliderLook = {
  yanchor: "top" as const,
  pad: { t: 4, b: 0, l: 0, r: 0 },
  bgcolor: "#dedede",
  activebgcolor: "#0072B2",
  bordercolor: "#8c8c8c",
  tickcolor: "#8c8c8c",
};

/** The room in pixels that the further lines of a broken label take. */
export const roomFor = (label: string, size: number) =>
  Math.ceil((label.split("<br>").length - 1) * 1.3 * size);

/** Of a horizontal colour bar: where its title, bar and numbers lie below `top`. */
export const colourBarHeight = 62;
export function colourBar(title: string, left: number, top: number, pixels: number) {
  return {
    orientation: "h" as const,
    x: left,
    xanchor: "left" as const,
    xpad: 0,
    y: top,
    yanchor: "top" as const,
    ypad: 6,
    lenmode: "pixels" as const,
    len: pixels,
    thickness: 13,
    nticks: 5,
    outlinewidth: 1,
    outlinecolor: "#8c8c8c",
    title: { text: title, side: "top" as const, font: { size: fontSize } },
  };
}

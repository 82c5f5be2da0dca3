import type { Data, Layout } from "plotly.js-dist";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { typesetterFor } from "../lettering/typesetter";
import type { ImageMap } from "../pictures/image-map";
import type { Figure } from "./figure";
import { defaultWidth, titleLines } from "./figure-json";
import { fontSize, titleMargin } from "./house-template";
import { describePeak, figureGrid, gridMaximum, mapTrace } from "./map-trace";
import { checkSize } from "./output-size";
import { photographSource, reliefSource } from "./photograph-source";
import {
  buttonLook,
  colourBar,
  colourBarHeight,
  fixedPicture,
  paperOf,
  picturePanel,
  roomFor,
  sliderHeight,
  sliderLook,
} from "./picture-panel";

/** A photograph with what several methods, heads or classes say about it. */
export interface ExploredImage {
  image: PixelImage;
  /** Beside the picture: what it is, and what the model said. */
  caption: string;
  /** By the name on the button, the same names for every image; `note` is a number to be read with the map. */
  maps: Record<string, ImageMap & { note?: string }>;
  /** The object's true mask, of the image's size; its border is drawn. */
  outline?: PixelImage;
}

/** What stands on a figure to explore maps with. */
export interface ExplorerOptions {
  /** Above the figure; a long one wraps. */
  title: string;
  /** What the numbers are: "attention weight", "relevance". */
  quantity: string;
}

const side = 440;
const gap = 24;
const column = defaultWidth - 2 * titleMargin - side - gap;
const captionStyle = { size: 14 };
/** Heights in pixels: what captions get at least, each of their lines, a button, and each further line on it. */
const captionRoom = 64;
/** Sides in pixels that the photograph beside the map has at least and at most. */
const smallestPhotograph = 96;
const largestPhotograph = column;
const captionLine = 1.3 * captionStyle.size;
const buttonHeight = 34;
const buttonLine = 1.3 * fontSize;
/** What a button takes beside its label. */
const besideLabel = 28;

/** The names of the maps, which all images share, with grids of one size for each name. */
function mapNames(images: readonly ExploredImage[]): string[] {
  const [first] = images;
  if (!first) throw new UserError("explorerFigure needs at least one image.");
  const names = Object.keys(first.maps);
  if (names.length === 0) throw new UserError("Image 1 has no maps; the explorer needs at least one.");
  images.forEach(({ image, maps }, index) => {
    const { width, height } = image;
    if (width !== first.image.width || height !== first.image.height) {
      throw new UserError(
        `Image ${index + 1} has ${width} × ${height} pixels, image 1 ${first.image.width} × ${first.image.height}; ` +
          "in one explorer all have the same size.",
      );
    }
    if (Object.keys(maps).join("\n") !== names.join("\n")) {
      throw new UserError(
        `Image ${index + 1} has the maps ${Object.keys(maps).join(", ")}, image 1 ${names.join(", ")}.`,
      );
    }
    for (const name of names) {
      const [given, expected] = [maps[name]!, first.maps[name]!];
      if (given.rows !== expected.rows || given.columns !== expected.columns) {
        throw new UserError(
          `The map "${name}" of image ${index + 1} is ${given.rows} × ${given.columns}, that of image 1 ` +
            `${expected.rows} × ${expected.columns}.`,
        );
      }
    }
  });
  return names;
}

/**
 * A figure to look around in: a slider chooses the photograph, buttons choose the map over it, and pointing at a
 * cell reads its number; the bare photograph stands beside. It works offline and without the kernel, in a saved
 * notebook too. Each map has a scale of its own, as `overlayWeights` gives it one. A map finer than 28 × 28 is shown as
 * the means of 28 × 28 areas.
 *
 * The two controls do not disturb each other: every method is a trace of its own, of which the buttons show one,
 * while the slider changes the picture and the numbers of all traces at once.
 *
 * ```ts
 * const images = scenes.map(({ image, mask, className }, i) => ({
 *   image, outline: mask, caption: `${className}, taken for ${answers[i]}`,
 *   maps: { attention: { map: weights[i], rows: 14, columns: 14 }, "Grad-CAM": explanations[i] },
 * }));
 * await showFigure(await explorerFigure(images, { title: "Where two methods look", quantity: "relevance" }));
 * ```
 * @throws UserError without images, where images differ in size or in their maps, for a map that does not fill its
 *   grid, and where the figure would be larger than 1.2 MB.
 */
export async function explorerFigure(
  images: readonly ExploredImage[],
  { title, quantity }: ExplorerOptions,
): Promise<Figure> {
  const names = mapNames(images);
  const first = images[0]!;
  const height = Math.round((side * first.image.height) / first.image.width);
  const grids = images.map(({ maps }) => names.map((name) => figureGrid(maps[name]!)));
  const sources = await Promise.all(images.map(({ image, outline }) => photographSource(image, outline)));
  const reliefs = await Promise.all(images.map(({ image, outline }) => reliefSource(image, outline)));
  const typesetter = await typesetterFor(
    quantity,
    ...names,
    ...images.flatMap(({ maps }) => Object.values(maps).flatMap(({ note }) => note ?? [])),
    ...images.map(({ caption }) => caption),
  );
  /** The map's name in bold, what its numbers are, and its note. */
  const scaleTitle = (image: number, map: number) => {
    const { note } = images[image]!.maps[names[map]!]!;
    const kind = grids[image]![map]!.reduced ? `${quantity}, means of areas` : quantity;
    const parts = [names[map]!, kind, ...(note ? [note] : [])].join(" · ");
    const lines = typesetter.wrap(parts, side, { size: fontSize });
    return lines.length > 1 ? lines.join("<br>") : parts.replace(names[map]!, "<b>$&</b>");
  };
  const captions = images.map(({ caption }) => typesetter.wrap(caption, column, captionStyle));
  const captionOf = (image: number) =>
    [`<b>${image + 1} of ${images.length}</b>`, ...captions[image]!].join("<br>");
  const captionHeight = Math.max(
    captionRoom,
    captionLine * (1.5 + Math.max(...captions.map((lines) => lines.length))),
  );
  const buttons = names.map((name) => typesetter.wrap(name, column - besideLabel, { size: fontSize }));
  const needed = buttons.reduce(
    (sum, lines) => sum + buttonHeight + buttonLine * (lines.length - 1),
    captionHeight,
  );
  const photographSide = Math.min(largestPhotograph, side - Math.ceil(needed));
  if (photographSide < smallestPhotograph) {
    throw new UserError(
      `The explorer is ${side} pixels high, and its photograph, captions and ${names.length} buttons need ` +
        `${Math.ceil(needed) + smallestPhotograph}: take fewer maps, or shorter captions and names.`,
    );
  }
  const shrink = photographSide / Math.max(first.image.width, first.image.height);
  const photographHeight = Math.round(first.image.height * shrink);

  const titles = images.flatMap((_, image) => names.map((_, map) => scaleTitle(image, map)));
  const scaleHeight = colourBarHeight + Math.max(...titles.map((one) => roomFor(one, fontSize)));
  const paper = paperOf(side, height);
  const panel = picturePanel("", reliefs[0]!, first.image, { x: [0, 1], y: [0, 1] }, "above");
  const photograph = fixedPicture(sources[0]!, {
    x: paper.x(side + gap),
    y: 1,
    sizex: (first.image.width * shrink) / side,
    sizey: photographHeight / height,
  });
  const data = names.map((name, map): Partial<Data> => {
    const { z } = grids[0]![map]!;
    const bar = colourBar(scaleTitle(0, map), 0, paper.y(height + 4), side);
    return {
      ...mapTrace(z, first.image, quantity),
      name,
      visible: map === 0,
      colorbar: bar,
    } as Partial<Data>;
  });
  const everyTrace = names.map((_, map) => map);
  const { top } = await titleLines(title);
  const layout: Partial<Layout> = {
    title: { text: title },
    height: top + height + scaleHeight + sliderHeight,
    margin: {
      l: titleMargin,
      r: defaultWidth - titleMargin - side,
      t: top,
      b: scaleHeight + sliderHeight,
      autoexpand: false,
    },
    ...panel.axes,
    images: [panel.image, photograph],
    annotations: [
      {
        text: captionOf(0),
        x: paper.x(side + gap),
        y: paper.y(photographHeight + 4),
        xref: "paper",
        yref: "paper",
        xanchor: "left",
        yanchor: "top",
        align: "left",
        showarrow: false,
        font: captionStyle,
      },
    ],
    updatemenus: [
      {
        type: "buttons",
        direction: "down",
        x: paper.x(side + gap),
        xanchor: "left",
        y: paper.y(photographHeight + captionHeight),
        yanchor: "top",
        pad: { t: 0, l: 0 },
        ...buttonLook,
        active: 0,
        buttons: buttons.map((lines, map) => ({
          label: lines.join("<br>"),
          method: "restyle" as const,
          args: [{ visible: names.map((_, one) => one === map) }],
        })),
      },
    ],
    sliders: [
      {
        ...sliderLook,
        x: 0,
        len: 1,
        y: paper.y(height + scaleHeight),
        currentvalue: { prefix: "photograph ", font: captionStyle },
        steps: images.map((_, image) => ({
          label: String(image + 1),
          method: "update",
          args: [
            {
              z: grids[image]!.map(({ z }) => z),
              zmax: grids[image]!.map(({ z }) => gridMaximum(z)),
              "colorbar.title.text": everyTrace.map((map) => scaleTitle(image, map)),
            },
            {
              "images[0].source": reliefs[image]!,
              "images[1].source": sources[image]!,
              "annotations[0].text": captionOf(image),
            },
            everyTrace,
          ],
        })),
      },
    ],
  } as Partial<Layout>;
  const alt =
    `${images.length} photographs, each under ${names.length} maps to choose from: ${names.join(", ")}. ` +
    `Shown is the first, ${first.caption}, under ${names[0]}: ${describePeak(grids[0]![0]!.z, quantity)}.`;
  return checkSize({ data, layout, alt }, "take fewer images or maps");
}

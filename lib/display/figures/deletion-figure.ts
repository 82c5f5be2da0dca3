import type { Data, Layout } from "plotly.js-dist";
import type { RemovalKind } from "../../explain/faithfulness/removal";
import type { PixelImage } from "../../images/pixel-image";
import { UserError } from "../../runtime/user-error";
import { typesetterFor } from "../lettering/typesetter";
import { threeDigits } from "../pictures/image-map";
import type { Figure } from "./figure";
import { defaultWidth, titleLines } from "./figure-json";
import { axisTitleSize, fontSize, palette, titleMargin } from "./house-template";
import { checkSize } from "./output-size";
import { photographSource } from "./photograph-source";
import { paperOf, picturePanel, roomFor, sliderHeight, sliderLook } from "./picture-panel";

/** A deletion or insertion curve: `removalCurve` makes one. */
export interface ComparedCurve {
  /** Share of the image that is changed after each step, 0 … 1, ascending. */
  shares: ArrayLike<number>;
  /** What the network answered after each step. */
  probabilities: ArrayLike<number>;
}

/** A curve with the images that the network was asked about, all of one size. */
export interface PicturedCurve extends ComparedCurve {
  /** What the network was asked about after that many steps, from 0, the image before the first. */
  imageAt(step: number): PixelImage;
}

/** What stands on a deletion curve, and what it is compared with. */
export interface DeletionOptions {
  /** Above the figure; a long one wraps. */
  title: string;
  /** Name of the curve that has pictures: "attention first". */
  name: string;
  /** Whether cells were taken away from the image or brought back. */
  kind: RemovalKind;
  /** Title of the vertical axis: "probability of koala". */
  probabilityAxis: string;
  /** Further curves by their names, such as that of a random order; they have no pictures. */
  compare?: Record<string, ComparedCurve>;
}

const width = defaultWidth - 2 * titleMargin;
const side = 300;
/** Room in pixels for a legend, for each of its lines, and beside a name. */
const legendRoom = 40;
const legendLine = 1.3 * fontSize;
const besideName = 50;
const axisLabels = 52;
const mostPictures = 21;
/** Vermilion for the curve that counts; the others in grey, blue and green. */
const lineColours = [palette[1], "#757575", palette[0], palette[2]];
const percent = (share: number) => threeDigits(100 * share);

/** @throws UserError for a curve that is none. */
function checkCurve(name: string, { shares, probabilities }: ComparedCurve): void {
  if (shares.length < 2 || shares.length !== probabilities.length) {
    throw new UserError(
      `The curve "${name}" has ${shares.length} shares and ${probabilities.length} probabilities; ` +
        "it needs one of each for two steps or more.",
    );
  }
  for (const [what, values] of Object.entries({ share: shares, probability: probabilities })) {
    const step = Array.from(values).findIndex((value) => !Number.isFinite(value));
    if (step >= 0)
      throw new UserError(`The curve "${name}" has the ${what} ${values[step]} at step ${step}.`);
  }
}

/** The points of a curve that get a picture, evenly spread, ends included. */
function picturedSteps(count: number): number[] {
  const pictures = Math.min(count, mostPictures);
  return Array.from({ length: pictures }, (_, index) => Math.round((index * (count - 1)) / (pictures - 1)));
}

/** The first place from which on a series is beyond the middle of its ends: there most has happened. */
function halfWay(values: readonly number[]): number {
  const [start, end] = [values[0]!, values.at(-1)!];
  const middle = (start + end) / 2;
  return Math.max(
    0,
    values.findIndex((value) => (start > end ? value <= middle : value >= middle)),
  );
}

/**
 * A deletion (or insertion) curve linked to the picture that is being deleted: a slider moves a mark along the curve
 * and shows what the network saw there, for up to 21 of the steps. It opens where the curve is half way. It works offline and without the kernel, in a
 * saved notebook too.
 *
 * ```ts
 * const curve = await removalCurve(image, explanation, predict, { kind: "deletion" });
 * const random = await removalCurve(image, uniformMap(14, 14), predict, { kind: "deletion" });
 * await showFigure(await deletionFigure(curve, {
 *   title: "Deleting what attention looks at", name: "attention first", kind: "deletion",
 *   probabilityAxis: "probability of koala", compare: { "random order": random },
 * }));
 * ```
 * @throws UserError for a curve without a probability for each of its shares, images of different sizes, and where
 *   the figure would be larger than 1.2 MB.
 */
export async function deletionFigure(
  curve: PicturedCurve,
  { title, name, kind, probabilityAxis, compare = {} }: DeletionOptions,
): Promise<Figure> {
  const curves = Object.entries({ [name]: curve, ...compare });
  for (const [each, one] of curves) checkCurve(each, one);
  const verb = kind === "deletion" ? "deleted" : "inserted";
  const steps = picturedSteps(curve.shares.length);
  const images = steps.map((step) => curve.imageAt(step));
  const first = images[0]!;
  if (images.some((image) => image.width !== first.width || image.height !== first.height)) {
    throw new UserError("The images of a deletion curve are of one size; these are not.");
  }
  const height = Math.round((side * first.height) / first.width);
  const sliderTop = Math.max(height, side) + axisLabels;
  const typesetter = await typesetterFor(probabilityAxis, ...curves.map(([each]) => each));
  const axisTitle = typesetter
    .wrap(probabilityAxis, sliderTop - axisLabels - legendRoom, { size: axisTitleSize })
    .join("<br>");
  const curveLeft = side + 78 + roomFor(axisTitle, axisTitleSize);
  const names = curves.map(([each]) =>
    typesetter.wrap(each, width - curveLeft - besideName, { size: fontSize }),
  );
  const nameLines = names.reduce((sum, lines) => sum + lines.length, 0);
  const nameWidths = names.map(([line]) => typesetter.width(line!, { size: fontSize }) + besideName);
  // Names that do not fit side by side stand one below the other.
  const stacked =
    nameLines > names.length || nameWidths.reduce((sum, each) => sum + each, 0) > width - curveLeft;
  const legendHeight = stacked ? Math.max(legendRoom, legendLine * (nameLines + 1)) : legendRoom;
  const paper = paperOf(width, sliderTop);
  const picture = paper.domains({ left: 0, top: 0, width: side, height });
  const plot = paper.domains({
    left: curveLeft,
    top: legendHeight,
    width: width - curveLeft,
    height: sliderTop - axisLabels - legendHeight,
  });
  const sources = await Promise.all(images.map((image) => photographSource(image)));
  const opening = halfWay(steps.map((step) => curve.probabilities[step]!));
  const panel = picturePanel("", sources[opening]!, first, picture);
  const right = { type: "scatter", xaxis: "x2", yaxis: "y2" } as const;
  const markAt = (step: number) => ({
    x: [percent(curve.shares[step]!)],
    y: [threeDigits(curve.probabilities[step]!)],
  });
  const lines = curves.map(
    ([each, { shares, probabilities }], index): Partial<Data> => ({
      ...right,
      mode: index === 0 ? "lines+markers" : "lines",
      name: names[index]!.join("<br>"),
      x: Array.from(shares, percent),
      y: Array.from(probabilities, threeDigits),
      line: { color: lineColours[index % lineColours.length]!, width: index === 0 ? 2.5 : 1.8 },
      marker: { size: 5 },
      hovertemplate: `${each}<br>%{x} % ${verb}: <b>%{y}</b><extra></extra>`,
    }),
  );
  const mark: Partial<Data> = {
    ...right,
    mode: "markers",
    ...markAt(steps[opening]!),
    marker: { color: lineColours[0], size: 15, line: { color: "#000000", width: 2 } },
    showlegend: false,
    hoverinfo: "skip",
    cliponaxis: false,
  };
  const { top } = await titleLines(title);
  const layout = {
    title: { text: title },
    height: top + sliderTop + sliderHeight,
    margin: { l: titleMargin, r: titleMargin, t: top, b: sliderHeight, autoexpand: false },
    ...panel.axes,
    images: [panel.image],
    xaxis2: {
      title: { text: `share of the image ${verb} (%)` },
      domain: plot.x,
      anchor: "y2",
      range: [-3, 103],
      automargin: false,
    },
    yaxis2: {
      title: { text: axisTitle },
      domain: plot.y,
      anchor: "x2",
      rangemode: "tozero",
      automargin: false,
    },
    legend: {
      orientation: stacked ? "v" : "h",
      x: paper.x(curveLeft),
      xanchor: "left",
      y: 1,
      yanchor: "top",
    },
    sliders: [
      {
        ...sliderLook,
        active: opening,
        x: 0,
        len: 1,
        y: paper.y(sliderTop),
        currentvalue: { suffix: ` % ${verb}`, font: { size: 14 } },
        steps: steps.map((step, index) => ({
          label: percent(curve.shares[step]!).toFixed(0),
          method: "update",
          args: [
            { x: [markAt(step).x], y: [markAt(step).y] },
            { "images[0].source": sources[index] },
            [lines.length],
          ],
        })),
      },
    ],
  } as unknown as Partial<Layout>;
  const told = curves.map(
    ([each, { probabilities }]) =>
      `${each} from ${threeDigits(probabilities[0]!)} to ${threeDigits(probabilities[probabilities.length - 1]!)}`,
  );
  const alt =
    `A picture of which more and more is ${verb} (shown: ${percent(curve.shares[steps[opening]!]!)} %), and ${probabilityAxis} against the share ` +
    `${verb}: ${told.join("; ")}.`;
  return checkSize({ data: [...lines, mark], layout, alt }, "take fewer steps or smaller images");
}

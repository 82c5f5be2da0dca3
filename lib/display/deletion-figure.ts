import type { Data, Layout } from "plotly.js-dist";
import type { PixelImage } from "../images/pixel-image";
import { UserError } from "../runtime/user-error";
import { defaultWidth, type Figure, titleLines } from "./figure";
import { palette, titleMargin } from "./house-template";
import { threeDigits } from "./image-map";
import { checkSize } from "./output-size";
import { photographSource } from "./photograph-source";
import { paperOf, picturePanel, sliderHeight, sliderLook } from "./picture-panel";

/** One point of a deletion (or insertion) curve with the picture that the model was asked about. */
export interface DeletionStep {
  /** Share of the image that is deleted, 0 … 1. */
  share: number;
  /** What the model answered. */
  score: number;
  picture: PixelImage;
}

/** Another curve to compare with, such as deletion in random order; it has no pictures. */
export interface ComparedCurve {
  name: string;
  shares: ArrayLike<number>;
  scores: ArrayLike<number>;
}

export interface DeletionOptions {
  title: string;
  /** Name of the curve that has pictures: "attention first". */
  name: string;
  /** What is done step by step, for the axis and the slider: "deleted" when left out, or "inserted". */
  verb?: "deleted" | "inserted";
  /** Title of the scores' axis: "probability of koala". */
  scoreAxis: string;
  compare?: ComparedCurve[];
}

const width = defaultWidth - 2 * titleMargin;
const side = 300;
const curveLeft = side + 78;
const legendHeight = 40;
const axisLabels = 52;
const percent = (share: number) => threeDigits(100 * share);

/**
 * A deletion curve linked to the picture that is being deleted: a slider through the steps moves a mark along the
 * curve and shows what the model saw there. It works offline and without the kernel, in a saved notebook too.
 *
 * ```ts
 * const steps = pictures.map((picture, i) => ({ share: i / 10, score: probabilities[i], picture }));
 * await showFigure(await deletionFigure(steps, {
 *   title: "Deleting what attention looks at", name: "attention first", scoreAxis: "probability of koala",
 *   compare: [{ name: "random order", shares, scores: randomScores }],
 * }));
 * ```
 * @param steps in the order of their shares, at least two, pictures of one size.
 * @throws UserError for fewer steps, pictures of different sizes or a compared curve without a score for each share,
 *   and where the figure would be larger than 1.2 MB.
 */
export async function deletionFigure(
  steps: readonly DeletionStep[],
  { title, name, verb = "deleted", scoreAxis, compare = [] }: DeletionOptions,
): Promise<Figure> {
  const [first] = steps;
  if (!first || steps.length < 2) throw new UserError("deletionFigure needs at least two steps.");
  if (
    steps.some(
      ({ picture }) => picture.width !== first.picture.width || picture.height !== first.picture.height,
    )
  ) {
    throw new UserError("The pictures of a deletion curve are of one size; these are not.");
  }
  for (const { name: other, shares, scores } of compare) {
    if (shares.length !== scores.length) {
      throw new UserError(`The curve "${other}" has ${shares.length} shares and ${scores.length} scores.`);
    }
  }
  const height = Math.round((side * first.picture.height) / first.picture.width);
  const sliderTop = Math.max(height, side) + axisLabels;
  const paper = paperOf(width, sliderTop);
  const picture = paper.domains({ left: 0, top: 0, width: side, height });
  const plot = paper.domains({
    left: curveLeft,
    top: legendHeight,
    width: width - curveLeft,
    height: sliderTop - axisLabels - legendHeight,
  });
  const sources = await Promise.all(steps.map((step) => photographSource(step.picture)));
  const panel = picturePanel("", sources[0]!, first.picture, picture);
  const right = { type: "scatter", xaxis: "x2", yaxis: "y2" } as const;
  const markAt = ({ share, score }: DeletionStep) => ({ x: [percent(share)], y: [threeDigits(score)] });
  const lines = [
    { name, shares: steps.map(({ share }) => share), scores: steps.map(({ score }) => score) },
    ...compare,
  ].map(
    (line, index): Partial<Data> => ({
      ...right,
      mode: "lines+markers",
      name: line.name,
      x: Array.from(line.shares, percent),
      y: Array.from(line.scores, threeDigits),
      line: { color: index === 0 ? palette[1] : "#8c8c8c", width: index === 0 ? 2.5 : 1.5 },
      marker: { size: index === 0 ? 6 : 4 },
      hovertemplate: `${line.name}<br>%{x} % ${verb}: <b>%{y}</b><extra></extra>`,
    }),
  );
  const mark: Partial<Data> = {
    ...right,
    mode: "markers",
    ...markAt(first),
    marker: { color: palette[1], size: 15, line: { color: "#000000", width: 2 } },
    showlegend: false,
    hoverinfo: "skip",
  };
  const { top } = titleLines(title);
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
      title: { text: scoreAxis },
      domain: plot.y,
      anchor: "x2",
      rangemode: "tozero",
      automargin: false,
    },
    legend: {
      orientation: "h",
      x: paper.x(curveLeft),
      xanchor: "left",
      y: 1,
      yanchor: "top",
    },
    sliders: [
      {
        ...sliderLook,
        x: 0,
        len: 1,
        y: paper.y(sliderTop),
        currentvalue: { suffix: ` % ${verb}`, font: { size: 14 } },
        steps: steps.map((step, index) => ({
          label: String(percent(step.share)),
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
  const ends = `${name} from ${threeDigits(first.score)} to ${threeDigits(steps.at(-1)!.score)}`;
  const others = compare.map(
    ({ name: other, scores }) =>
      `${other} from ${threeDigits(scores[0]!)} to ${threeDigits(scores[scores.length - 1]!)}`,
  );
  const alt =
    `A picture of which more and more is ${verb} in ${steps.length} steps (shown: ${percent(first.share)} %), and ` +
    `${scoreAxis} against the share ${verb}: ${[ends, ...others].join("; ")}.`;
  return checkSize({ data: [...lines, mark], layout, alt }, "take fewer steps");
}

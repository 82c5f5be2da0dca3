import type { Data, Frame, Layout } from "plotly.js-dist";
import { typesetterFor } from "../lettering/typesetter";
import { threeDigits } from "../pictures/image-map";
import type { Figure } from "./figure";
import { defaultWidth, titleLines } from "./figure-json";
import { axisTitleSize, fontSize, palette, titleMargin } from "./house-template";
import { figureGrid, gridMaximum, mapTrace } from "./map-trace";
import { checkSize } from "./output-size";
import { photographSource, reliefSource } from "./photograph-source";
import {
  buttonLook,
  colourBar,
  colourBarHeight,
  fixedPicture,
  paperOf,
  picturePanel,
  type Rectangle,
  roomFor,
  sliderHeight,
  sliderLook,
} from "./picture-panel";
import { checkWatched, type WatchedImage } from "./watched-image";

/** What stands on a figure of maps by epoch. */
export interface EpochsOptions {
  /** Above the figure; a long one wraps. */
  title: string;
  /** The epochs after which the maps were taken, in order. */
  epochs: readonly number[];
  /** What the maps' numbers are: "attention weight". */
  quantity: string;
  /** Title of the scores' axis, with its unit: "mass inside the mask (%)". */
  scoreAxis: string;
}

const width = defaultWidth - 2 * titleMargin;
const gap = 16;
const captionStyle = { size: 14 };
const captionLine = 1.3 * captionStyle.size;
/** Pixels between a caption and the photograph on its left, and below the photograph. */
const besidePhotograph = 8;
const largestSide = 328;
const curve = { left: 62, height: 170, labels: 52 };
const play = 76;

/**
 * How maps change while a network is trained: up to four photographs side by side, each above its map, a slider (or
 * play) through the epochs that moves the maps, and below them a curve for each with a mark at the epoch shown. It opens
 * on the last epoch. All maps share one scale. It works offline and without the kernel, in a saved notebook too. A map finer than
 * 28 × 28 is shown as the means of 28 × 28 areas.
 *
 * ```ts
 * const seen: Float32Array[] = [];
 * await fitRegime({ ...options, onEpoch: async (_, model) => void seen.push((await evaluate(model, test)).weights) });
 * const watched = {
 *   image, outline: mask, caption: "a pigeon",
 *   maps: seen.map((weights) => ({ map: weights.subarray(0, 196), rows: 14, columns: 14 })),
 *   scores: percentInside, // one number an epoch
 * };
 * await showFigure(await epochsFigure([watched], {
 *   title: "Attention over the epochs", epochs: seen.map((_, i) => i + 1),
 *   quantity: "attention weight", scoreAxis: "mass inside the mask (%)",
 * }));
 * ```
 * @throws UserError for no or too many images, where maps and scores are not one an epoch or change their grid, and
 *   where the figure would be larger than 1.2 MB.
 */
export async function epochsFigure(
  images: readonly WatchedImage[],
  { title, epochs, quantity, scoreAxis }: EpochsOptions,
): Promise<Figure> {
  checkWatched(images, epochs);
  const side = Math.min(largestSide, Math.floor((width - gap * (images.length - 1)) / images.length));
  const typesetter = await typesetterFor(quantity, scoreAxis, ...images.map(({ caption }) => caption));
  // The photograph is half as wide as its map; the caption stands on its right.
  const bare = Math.floor(side / 2);
  const captionWidth = side - bare - besidePhotograph;
  const captions = images.map(({ caption }) => typesetter.wrap(caption, captionWidth, captionStyle));
  const heightOf = ({ image }: WatchedImage, wide: number) => Math.round((wide * image.height) / image.width);
  const captionHeight =
    besidePhotograph +
    Math.max(
      ...images.map((one) => heightOf(one, bare)),
      captionLine * Math.max(...captions.map((lines) => lines.length)),
    );
  const pictureHeight = Math.max(...images.map((one) => heightOf(one, side)));
  const scaleTop = captionHeight + pictureHeight;
  const barWidth = Math.min(side, 224);
  const barTitle = typesetter.wrap(quantity, barWidth, { size: fontSize }).join("<br>");
  const scaleBottom = scaleTop + colourBarHeight + roomFor(barTitle, fontSize) + 8;
  // A single photograph leaves room for its curve beside it; the curves of several lie below them.
  const beside = images.length === 1;
  const curveHeight = beside ? pictureHeight - besidePhotograph : curve.height;
  const scoreTitle = typesetter.wrap(scoreAxis, curveHeight, { size: axisTitleSize }).join("<br>");
  const left = (beside ? side + gap : 0) + curve.left + roomFor(scoreTitle, axisTitleSize);
  const curveArea: Rectangle = {
    left,
    top: beside ? captionHeight : scaleBottom,
    width: width - left,
    height: curveHeight,
  };
  const sliderTop = beside ? scaleBottom : scaleBottom + curve.height + curve.labels;
  const paper = paperOf(width, sliderTop);
  const grids = images.map(({ maps }) => maps.map((map) => figureGrid(map).z));
  const scores = images.map((image) => Array.from(image.scores, threeDigits));
  const last = epochs.length - 1;
  const maximum = Math.max(...grids.flat().map(gridMaximum));

  const sources = await Promise.all(images.map(({ image, outline }) => photographSource(image, outline)));
  const reliefs = await Promise.all(images.map(({ image, outline }) => reliefSource(image, outline)));
  const axisOf = (index: number) => (["", "2", "3", "4"] as const)[index]!;
  const panels = images.map((one, index) =>
    picturePanel(
      axisOf(index),
      reliefs[index]!,
      one.image,
      paper.domains({
        left: index * (side + gap),
        top: captionHeight,
        width: side,
        height: heightOf(one, side),
      }),
      "above",
    ),
  );
  const photographs = images.map((one, index) =>
    fixedPicture(sources[index]!, {
      x: paper.x(index * (side + gap)),
      y: 1,
      sizex: bare / width,
      sizey: heightOf(one, bare) / sliderTop,
    }),
  );
  const colours = images.map((_, index) => palette[index]!);
  const bar = colourBar(barTitle, 0, paper.y(scaleTop), barWidth);
  const pictures = images.map(
    ({ image }, index): Partial<Data> =>
      ({
        ...mapTrace(grids[index]![last]!, image, quantity),
        zmax: maximum,
        xaxis: `x${axisOf(index)}`,
        yaxis: `y${axisOf(index)}`,
        showscale: index === 0,
        ...(index === 0 && { colorbar: bar }),
      }) as Partial<Data>,
  );
  const below = { xaxis: "x5", yaxis: "y5", showlegend: false } as const;
  const curves = images.map(
    ({ caption }, index): Partial<Data> => ({
      ...below,
      type: "scatter",
      mode: "lines",
      name: caption,
      x: [...epochs],
      y: scores[index]!,
      line: { color: colours[index]! },
      hovertemplate: `${caption}<br>epoch %{x}: <b>%{y}</b><extra></extra>`,
    }),
  );
  const markAt = (epoch: number) => ({
    x: images.map(() => epochs[epoch]!),
    y: scores.map((values) => values[epoch]!),
  });
  const mark: Partial<Data> = {
    ...below,
    type: "scatter",
    mode: "markers",
    ...markAt(last),
    marker: { color: colours, size: 12, line: { color: "#ffffff", width: 1.5 } },
    hoverinfo: "skip",
    cliponaxis: false,
  };
  const moving = [...images.map((_, index) => index), 2 * images.length];
  const frames = epochs.map(
    (epoch, index): Partial<Frame> => ({
      name: String(epoch),
      traces: moving,
      data: [...grids.map((maps) => ({ z: maps[index]! })), markAt(index)] as Frame["data"],
    }),
  );
  const curveDomains = paper.domains(curveArea);
  const at = (duration: number) => ({
    mode: "immediate",
    frame: { duration, redraw: true },
    transition: { duration: 0 },
  });
  const { top } = await titleLines(title);
  const layout = {
    title: { text: title },
    height: top + sliderTop + sliderHeight,
    margin: { l: titleMargin, r: titleMargin, t: top, b: sliderHeight, autoexpand: false },
    ...Object.assign({}, ...panels.map(({ axes }) => axes)),
    images: [...panels.map(({ image }) => image), ...photographs],
    xaxis5: {
      title: { text: "epoch" },
      domain: curveDomains.x,
      anchor: "y5",
      range: [epochs[0]! - 0.5, epochs.at(-1)! + 0.5],
      automargin: false,
    },
    yaxis5: {
      title: { text: scoreTitle },
      domain: curveDomains.y,
      anchor: "x5",
      rangemode: "tozero",
      automargin: false,
    },
    annotations: captions.map((lines, index) => ({
      text: lines.join("<br>"),
      x: paper.x(index * (side + gap) + bare + besidePhotograph),
      y: 1,
      xref: "paper",
      yref: "paper",
      xanchor: "left",
      yanchor: "top",
      yshift: 4,
      align: "left",
      showarrow: false,
      font: { ...captionStyle, color: colours[index] },
    })),
    updatemenus: [
      {
        ...buttonLook,
        type: "buttons",
        showactive: false,
        x: 0,
        xanchor: "left",
        y: paper.y(sliderTop + 14),
        yanchor: "top",
        pad: { t: 0, l: 0 },
        buttons: [
          {
            label: "play",
            method: "animate",
            args: [null, at(450)],
          },
        ],
      },
    ],
    sliders: [
      {
        ...sliderLook,
        active: last,
        x: paper.x(play),
        len: 1 - play / width,
        y: paper.y(sliderTop),
        currentvalue: { prefix: "epoch ", font: { size: 14 } },
        steps: epochs.map((epoch) => ({
          label: String(epoch),
          method: "animate",
          args: [[String(epoch)], at(0)],
        })),
      },
    ],
  } as unknown as Partial<Layout>;
  const told = images.map(
    ({ caption }, index) => `${caption}: from ${scores[index]![0]} to ${scores[index]!.at(-1)}`,
  );
  const alt =
    `Maps over photographs from epoch ${epochs[0]} to ${epochs[last]} (shown), with a curve for each. ` +
    `${scoreAxis}, ${told.join("; ")}.`;
  return checkSize(
    { data: [...pictures, ...curves, mark], layout, frames, alt },
    "take fewer images or epochs",
  );
}

import { palette } from "./house-template";

/** What tells a line of a figure from the others: a colour, and a mark for who can't tell colours. */
export interface SeriesStyle {
  colour: string;
  /** One of Plotly's marker symbols. */
  symbol: string;
}

const [blue, vermilion, green, pink, orange, sky] = palette;
/** Of poolings and methods that no main table is about: their marks tell them apart. */
const neutral = "#4d4d4d";
/** Of what is only compared with. */
const control = "#8a8a8a";
/** Regimes train more and more; they must not be taken for poolings. */
const [littleTrained, moreTrained, mostTrained] = ["#b29ad6", "#7d57b8", "#45207a"];

/**
 * One colour and mark a name, in every figure and notebook. Poolings that choose among positions are warm, those that can't
 * are blue, what knows the mask is green.
 */
const styles: Readonly<Record<string, SeriesStyle>> = {
  attention: { colour: vermilion, symbol: "circle" },
  mean: { colour: blue, symbol: "square" },
  "hidden mean": { colour: sky, symbol: "square" },
  "hidden attention": { colour: orange, symbol: "circle" },
  given: { colour: green, symbol: "star" },
  "true mask": { colour: green, symbol: "star" },
  max: { colour: pink, symbol: "triangle-up" },

  "generalised mean": { colour: neutral, symbol: "square" },
  "gated attention": { colour: neutral, symbol: "circle" },
  "multi-head attention": { colour: neutral, symbol: "diamond" },
  "class attention": { colour: neutral, symbol: "pentagon" },
  "self-attention": { colour: neutral, symbol: "hexagon" },
  "efficient probing": { colour: neutral, symbol: "cross" },
  SimPool: { colour: neutral, symbol: "x" },
  "AIM attentive probe": { colour: neutral, symbol: "triangle-up" },
  "V-JEPA attentive block": { colour: neutral, symbol: "triangle-down" },
  "CaiT class attention": { colour: neutral, symbol: "star" },

  "projected mean": { colour: control, symbol: "square" },
  "mean hidden": { colour: control, symbol: "diamond" },
  "frozen-vector attention": { colour: control, symbol: "circle" },
  "frozen attention": { colour: control, symbol: "circle-open" },
  none: { colour: control, symbol: "x" },

  "Grad-CAM": { colour: blue, symbol: "square" },
  HiResCAM: { colour: sky, symbol: "square" },
  "integrated gradients": { colour: green, symbol: "diamond" },
  RISE: { colour: orange, symbol: "pentagon" },
  occlusion: { colour: pink, symbol: "cross" },
  "Grad-CAM++": { colour: neutral, symbol: "square" },
  LayerCAM: { colour: neutral, symbol: "triangle-up" },
  "Finer-CAM": { colour: neutral, symbol: "triangle-down" },
  LeGrad: { colour: neutral, symbol: "hexagon" },
  SmoothGrad: { colour: neutral, symbol: "diamond" },
  "attention rollout": { colour: neutral, symbol: "circle" },
  "attention × gradient": { colour: neutral, symbol: "star" },
  "random attention": { colour: control, symbol: "circle" },
  "random order": { colour: control, symbol: "x" },
  "centre prior": { colour: control, symbol: "diamond" },
  uniform: { colour: control, symbol: "square" },

  "middle-layer probe": { colour: littleTrained!, symbol: "circle" },
  probe: { colour: moreTrained!, symbol: "square" },
  "last stage": { colour: mostTrained!, symbol: "diamond" },
};

/**
 * The colour and the mark of a pooling, a method, a control or a regime, the same in every figure.
 *
 * ```ts
 * const { colour, symbol } = seriesStyle("hidden mean");
 * ```
 * @param name as tables have it; any other name gets the palette's colour at `place` and a circle.
 * @param place among the names of the figure that have no style of their own.
 */
export function seriesStyle(name: string, place = 0): SeriesStyle {
  return styles[name] ?? { colour: palette[place % palette.length]!, symbol: "circle" };
}

/** The styles of a figure's names: those without one of their own get the palette's colours in their order. */
export function seriesStyles(names: readonly string[]): Map<string, SeriesStyle> {
  const unknown = names.filter((name) => !(name in styles));
  return new Map(names.map((name) => [name, seriesStyle(name, Math.max(0, unknown.indexOf(name)))]));
}

import type { Data, Layout } from "plotly.js-dist";
import { requireWhole } from "../../runtime/checks";
import { UserError } from "../../runtime/user-error";
import { typesetterFor } from "../lettering/typesetter";
import type { Figure } from "./figure";
import { titleLines } from "./figure-json";
import { fontSize } from "./house-template";

/** Which classes are taken for which. */
export interface ConfusionFigureOptions {
  title: string;
  /** Names of the classes, in the order of rows and columns. */
  classes: readonly string[];
  /** How often the class of the row was given the name of the column, `[classes][classes]`, whole numbers. */
  counts: readonly (readonly number[])[];
  /** Says what the figure shows, with its most important numbers, to whoever can't see it. */
  alt: string;
}

/** With more classes the cells are too small for digits. */
const mostWithDigits = 30;
const [leastCell, mostCell] = [10, 64];
const widest = 900;

/**
 * A confusion matrix: a row for each true class, a column for each answer, right answers on the diagonal. Each row's colours
 * are shares of its class, so that small classes are seen as well as large ones; the digits are photographs.
 *
 * ```ts
 * await showFigure(await confusionFigure({
 *   title: "What is taken for what", classes: ["cat", "dog"], counts: [[9, 1], [3, 7]], alt: "…",
 * }));
 * ```
 * @throws UserError for a table that has not a row and a column for each class, or a count that is no whole number
 */
export async function confusionFigure(options: ConfusionFigureOptions): Promise<Figure> {
  const { title, classes, counts, alt } = options;
  checkCounts(classes, counts);
  const count = classes.length;
  const cell = Math.max(leastCell, Math.min(mostCell, Math.floor((widest - 200) / count)));
  const typesetter = await typesetterFor(...classes);
  const longest = Math.max(...classes.map((name) => typesetter.width(name, { size: fontSize })));
  const side = cell * count;
  const left = Math.min(300, 62 + longest);
  const width = Math.max(440, left + side + 32);
  const { top } = await titleLines(title, width);
  const shares = counts.map((row) => {
    const sum = row.reduce((total, value) => total + value, 0);
    return row.map((value) => (sum > 0 ? value / sum : 0));
  });
  const places = classes.map((_, place) => place);
  const axis = { showgrid: false, showline: false, ticks: "", fixedrange: true, automargin: false };
  const layout = {
    title: { text: title },
    width,
    height: top + side + Math.min(300, 46 + longest),
    margin: { l: left, r: width - left - side, t: top, b: Math.min(300, 46 + longest), autoexpand: false },
    xaxis: {
      ...axis,
      title: { text: "answer", standoff: 10 },
      tickvals: places,
      ticktext: classes,
      tickangle: -90,
      range: [-0.5, count - 0.5],
    },
    yaxis: {
      ...axis,
      title: { text: "class", standoff: 10 },
      tickvals: places,
      ticktext: classes,
      range: [count - 0.5, -0.5],
    },
    annotations: count > mostWithDigits ? [] : digits(counts, shares, cell),
  } as unknown as Partial<Layout>;
  const data = {
    type: "heatmap",
    z: shares,
    x: places,
    y: places,
    text: counts.map((row, y) => row.map((value, x) => `${classes[y]} taken for ${classes[x]}: ${value}`)),
    hovertemplate: "%{text}<extra></extra>",
    zmin: 0,
    zmax: 1,
    xgap: count > mostWithDigits ? 0 : 2,
    ygap: count > mostWithDigits ? 0 : 2,
    colorscale: [
      [0, "#f4f6f9"],
      [1, "#0072B2"],
    ],
    showscale: false,
  } as unknown as Partial<Data>;
  return { data: [data], layout, alt };
}

function digits(counts: readonly (readonly number[])[], shares: readonly number[][], cell: number) {
  return counts.flatMap((row, y) =>
    row.flatMap((value, x) =>
      value === 0
        ? []
        : [
            {
              x,
              y,
              text: String(value),
              showarrow: false,
              font: {
                size: Math.min(15, Math.floor(cell * 0.45)),
                color: shares[y]![x]! > 0.55 ? "#ffffff" : "#222222",
              },
            },
          ],
    ),
  );
}

function checkCounts(classes: readonly string[], counts: readonly (readonly number[])[]): void {
  const fits = counts.length === classes.length && counts.every((row) => row.length === classes.length);
  if (!fits || classes.length === 0)
    throw new UserError(
      `A confusion matrix of ${classes.length} classes has as many rows and columns. Give a count for each pair.`,
    );
  for (const row of counts) for (const value of row) requireWhole("A count of a confusion matrix", value, 0);
}

/** What is measured of the map of one method in one scene. */
export interface Measure {
  column: string;
  /** Head of the column in a table, with its unit. */
  title: string;
  /** What it can be. */
  range: readonly [number, number];
  format: "percent" | "number" | "count";
  /** What the measure says: where the map lies, what is true of the model, what removing cells does, or what it depends on. */
  kind: "place" | "cause" | "faithfulness" | "sanity" | "convergence";
  /** Whether less is better. */
  lessIsBetter?: true;
}

const share = [0, 1] as const;
const correlation = [-1, 1] as const;
const any = [-1e6, 1e6] as const;

export const MEASURES = [
  { column: "mass_inside", title: "mass inside, %", range: share, format: "percent", kind: "place" },
  { column: "selectivity", title: "selectivity, %", range: share, format: "percent", kind: "place" },
  { column: "pointing_game", title: "pointing game, %", range: share, format: "percent", kind: "place" },
  { column: "causal_rank", title: "causal rank, ρ", range: correlation, format: "number", kind: "cause" },
  {
    column: "causal_rank_sum",
    title: "the same, in sum, ρ",
    range: correlation,
    format: "number",
    kind: "cause",
  },
  { column: "causal_overlap", title: "causal overlap, %", range: share, format: "percent", kind: "cause" },
  {
    column: "deletion",
    title: "deletion, % ↓",
    range: share,
    format: "percent",
    kind: "faithfulness",
    lessIsBetter: true,
  },
  { column: "insertion", title: "insertion, % ↑", range: share, format: "percent", kind: "faithfulness" },
  { column: "road", title: "ROAD, points", range: correlation, format: "percent", kind: "faithfulness" },
  {
    column: "mu_fidelity",
    title: "MuFidelity, ρ",
    range: correlation,
    format: "number",
    kind: "faithfulness",
  },
  { column: "complexity_rise", title: "efficient MPRT", range: any, format: "number", kind: "sanity" },
  {
    column: "random_logit",
    title: "random logit, ρ ↓",
    range: correlation,
    format: "number",
    kind: "sanity",
    lessIsBetter: true,
  },
  { column: "runs", title: "runs", range: any, format: "count", kind: "convergence" },
  { column: "gap", title: "gap, %", range: any, format: "percent", kind: "convergence" },
  { column: "agreement", title: "halves, ρ", range: correlation, format: "number", kind: "convergence" },
] as const satisfies readonly Measure[];

export type MeasureColumn = (typeof MEASURES)[number]["column"];
export type Scores = Record<MeasureColumn, number>;

/** What is known of a scene whatever the method, in logits but for the first: it stands in the row of the scene's first method. */
export const FACTS = ["right", "target_worth", "distractor_worth", "background_worth"] as const;
export type Facts = Record<(typeof FACTS)[number], number>;

import { controls } from "./family/controls";
import { insideFeatures } from "./family/features";
import type { FamilyMember } from "./family/member";
import { normalisers } from "./family/normalisers";
import { poolings } from "./family/poolings";
import { scores } from "./family/scores";

/** Mechanisms that stand in the same place. */
export interface FamilyGroup {
  /** Of one member, such as "pooling": the heading of the first column. */
  kind: string;
  /** What the group does, one sentence. */
  about: string;
  members: readonly FamilyMember[];
}

/** Every attention mechanism of this library, as data: what its tables and the notebooks are made from. */
export const attentionFamily: readonly FamilyGroup[] = [
  {
    kind: "pooling",
    about:
      "**Pooling** makes a context $c$ of the tokens $h_i$. Where a score $e_i$ stands, $\\alpha = \\mathrm{softmax}(e)$ " +
      "and $c = \\sum_i \\alpha_i h_i$. $y$ is a learned query, $k$ counts heads or classes, and $d$ is the number of " +
      "channels that a score compares. $x_i = \\mathrm{norm}(h_i)$ is a token after layer norm, $x_0$ the class token, and " +
      "$f$ a feed-forward layer. From additive attention on they attend: at the start all positions weigh the same, and " +
      "what differs later was learned.",
    members: poolings,
  },
  {
    kind: "control",
    about:
      "**Controls** tell what of a gain is attention's own. The first four are layers with as many parameters as additive " +
      "attention that can't choose among positions, and attention on top of one of them; the last attends " +
      "where nobody taught it.",
    members: controls,
  },
  {
    kind: "score",
    about:
      "**Scores** and **normalisers** put together any other pooling by attention: `new AttentionPooling({ score, " +
      "normaliser, seed })`. Where such a layer starts depends on the score, as its file says.",
    members: scores,
  },
  {
    kind: "normaliser",
    about: "$n$ is the number of positions, and $\\tau$ the one number that makes the weights sum to one.",
    members: normalisers,
  },
  {
    kind: "inside features",
    about:
      "**Attention inside features** gives back features of the shape that it took, and with `returnWeights: true` " +
      "its weights as well. $z$ and $m$ are the mean and the maximum of each channel over the grid, $\\bar x$ and " +
      "$\\hat x$ those of each position over the channels, $f$ is a layer with one hidden ReLU, $\\ast$ a convolution, " +
      "and $B$ what is known of the places.",
    members: insideFeatures,
  },
];

import type { FamilyMember } from "./member";

/** How scores become weights; none of them learns anything. */
export const normalisers: readonly FamilyMember[] = [
  {
    name: "softmax",
    code: "softmaxWeights",
    file: "normalisers/softmax.ts",
    formula: String.raw`\alpha_i = \exp(e_i / T) / \sum_j \exp(e_j / T)`,
    returns: "weights that sum to one, some for every position",
    source: { authors: "Bahdanau et al.", year: 2015, url: "https://arxiv.org/abs/1409.0473" },
  },
  {
    name: "sparsemax",
    code: "sparsemaxWeights",
    file: "normalisers/sparsemax.ts",
    formula: String.raw`\alpha_i = \max(e_i - \tau, 0)`,
    returns: "weights that sum to one, many exactly 0",
    source: { authors: "Martins and Astudillo", year: 2016, url: "https://arxiv.org/abs/1602.02068" },
  },
  {
    name: "entmax 1.5",
    code: "entmax15Weights",
    file: "normalisers/entmax15.ts",
    formula: String.raw`\alpha_i = \max(e_i / 2 - \tau, 0)^2`,
    returns: "weights that sum to one, some exactly 0",
    source: { authors: "Peters et al.", year: 2019, url: "https://arxiv.org/abs/1905.05702" },
  },
  {
    name: "sigmoid",
    code: "sigmoidWeights",
    file: "normalisers/sigmoid.ts",
    formula: String.raw`\alpha_i = 1 / (1 + \exp(-e_i))`,
    returns: "weights from 0 to 1 that sum to anything",
  },
  {
    name: "uniform",
    code: "uniformWeights",
    file: "normalisers/uniform.ts",
    formula: String.raw`\alpha_i = 1/n`,
    returns: "equal weights, the control",
  },
];

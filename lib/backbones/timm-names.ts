import type { InvertedResidualNames } from "./inverted-residuals";

/** How timm names networks of inverted residuals: blocks by stage, norms in the order in which they are run. */
export const timmInvertedResiduals: InvertedResidualNames = {
  stem: { kernel: "conv_stem.weight", norm: "bn1" },
  head: { kernel: "conv_head.weight", norm: "bn2" },
  block({ stage, repeat, expands }, part) {
    const block = `blocks.${stage}.${repeat}`;
    // A block that does not expand calls its projection by the name that the others have for the expansion.
    const [kernel, norm] = (
      expands
        ? { expand: ["conv_pw", "bn1"], filter: ["conv_dw", "bn2"], project: ["conv_pwl", "bn3"] }
        : { expand: ["", ""], filter: ["conv_dw", "bn1"], project: ["conv_pw", "bn2"] }
    )[part] as [string, string];
    return { kernel: `${block}.${kernel}.weight`, norm: `${block}.${norm}` };
  },
};

/** How far a method had to go that samples or steps, and whether that was far enough. */
export interface Convergence {
  /** Steps of the path, or random masks, that the map was made of. */
  runs: number;
  /** Whether the map may be taken for what more runs would give; else it is to be marked. */
  converged: boolean;
  /**
   * Of integrated gradients: by how much the attributions miss what the logit gains from the baseline to the image, as a share
   * of the gain, or of one logit where the gain is less: |Σ attributions − gain| / max(|gain|, 1).
   */
  gap?: number;
  /** Of RISE: Spearman's correlation of the maps that the even and the odd masks make. */
  agreement?: number;
}

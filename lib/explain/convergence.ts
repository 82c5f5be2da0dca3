/** How far a method had to go that samples or steps, and whether that was far enough. */
export interface Convergence {
  /** Steps of the path, random masks or noisy copies that the map was made of. */
  runs: number;
  /** Whether the map may be taken for what more runs would give; else it is to be marked. */
  converged: boolean;
  /**
   * Of integrated gradients: by how much the attributions miss what the logit gains from the baseline to the image, as a share
   * of the gain, or of one logit where the gain is less: |Σ attributions − gain| / max(|gain|, 1).
   */
  gap?: number;
  /** Of RISE and SmoothGrad: Spearman's correlation of the maps that two halves of the masks or copies make, on the token grid. */
  agreement?: number;
}

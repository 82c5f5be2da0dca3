import type { Convergence } from "./convergence";
import type { MethodName } from "./method-table";

/** What a method says about one image. */
export interface Explanation {
  method: MethodName;
  /** The class whose logit is explained. */
  target: number;
  /** Row-major `[rows, columns]`, ≥ 0, larger where more relevant; not scaled. */
  map: Float32Array;
  /** The token grid for methods that look at features, the image's own resolution for those that look at pixels. */
  rows: number;
  columns: number;
  /** Of integrated gradients, RISE and SmoothGrad without a number of samples: how far they had to go, and whether that was far enough. */
  convergence?: Convergence;
}

import type { TrainingPlan } from "./training-plan";

/** What of a pretrained network is trained on the target domain, from where and how fast: plain data. */
export interface Regime {
  name: string;
  /** The backbone up to this cut point stays frozen: its features are computed once and kept on disk. */
  frozenUpTo: string;
  /**
   * The cut point whose tokens are pooled and classified. Where it lies beyond `frozenUpTo`, the stages between
   * the two are fine-tuned, starting from their pretrained weights.
   */
  pooledAt: string;
  /** Whether what norms learn stays as it was while the stages around them are fine-tuned; it is trained when left out. */
  frozenNorms?: boolean;
  plan: TrainingPlan;
}

// Step sizes were chosen on validation images of two seeds that no table uses (100 and 101), by the mean over mean
// pooling and attention: heads among 3e-4, 1e-3, 3e-3, 1e-2 (and 3e-2 for the middle layer), the stage among 1e-4,
// 3e-4, 1e-3. Epochs are as many as it took for validation accuracy to stop rising.

/** A linear classifier on the last features of the frozen backbone, 7 × 7 × 1280 for EfficientNet-Lite0. */
export const probe: Regime = {
  name: "probe",
  frozenUpTo: "head",
  pooledAt: "head",
  plan: { epochs: 12, batchSize: 32, headLearningRate: 3e-3 },
};

/** A linear classifier on middle-layer features of the frozen backbone, 14 × 14 × 112 for EfficientNet-Lite0. */
export const middleLayerProbe: Regime = {
  name: "middle-layer probe",
  frozenUpTo: "stage5",
  pooledAt: "stage5",
  plan: { epochs: 20, batchSize: 32, headLearningRate: 1e-2 },
};

/** The last stage of the backbone fine-tuned together with pooling and classifier; BatchNorm statistics frozen. */
export const lastStage: Regime = {
  name: "last stage",
  frozenUpTo: "stage6",
  pooledAt: "head",
  plan: { epochs: 6, batchSize: 32, headLearningRate: 1e-3, stageLearningRate: 3e-4 },
};

import { requireRate, requireWhole } from "../runtime/checks";
import { UserError } from "../runtime/user-error";

/** How long and how fast a model is trained: plain data. */
export interface TrainingPlan {
  /** A whole number, at least 1. */
  epochs: number;
  /** Images in one step: a whole number, at least 1. */
  batchSize: number;
  /** Adam's step size for pooling and classifier, above 0. */
  headLearningRate: number;
  /** Adam's step size for the part of the backbone that is fine-tuned, where there is one; above 0. */
  stageLearningRate?: number;
}

/**
 * @param tunesStage whether a part of the backbone is trained too
 * @throws UserError for a plan with nothing to do, or a number in it that can't be followed
 */
export function checkPlan(plan: TrainingPlan, tunesStage: boolean): void {
  requireWhole("The plan's `epochs`", plan.epochs, 1);
  requireWhole("The plan's `batchSize`", plan.batchSize, 1);
  requireRate("The plan's `headLearningRate`", plan.headLearningRate);
  if (!tunesStage) return;
  if (plan.stageLearningRate === undefined) {
    throw new UserError(
      "The plan fine-tunes a stage but has no `stageLearningRate`. Give it one, such as 3e-4.",
    );
  }
  requireRate("The plan's `stageLearningRate`", plan.stageLearningRate);
}

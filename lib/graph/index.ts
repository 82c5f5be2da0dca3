/**
 * TensorFlow.js code as one call of TensorFlow: `compile` records a forward pass or a whole training step and runs it as a
 * graph. Optimisers, random numbers and a loss that work inside of one, on every backend.
 *
 * ```ts
 * import * as tf from "@tensorflow/tfjs";
 * import { Adam, compile } from "attention-transfer/graph";
 *
 * const slope = tf.variable(tf.scalar(0));
 * const adam = new Adam([slope]);
 * const step = compile(({ x, y }) => adam.minimize(() => x.mul(slope).squaredDifference(y).mean(), 0.1), {
 *   inputs: { x: [null], y: [null] },
 * });
 * for (let i = 0; i < 200; i++) step({ x: tf.tensor1d([1, 2]), y: tf.tensor1d([3, 6]) }).dispose();
 * slope.print(); // near 3
 * ```
 *
 * @module graph
 */

export { Adam, type AdamOptions } from "./adam";
export { type BatchNormResult, batchNormTraining } from "./batch-norm";
export { type CompiledStep, type CompileOptions, compile } from "./compile";
export { GradientDescent, type GradientDescentOptions } from "./gradient-descent";
export { Optimiser } from "./optimiser";
export { type OperationCount, type OperationTime, profileStep, type StepProfile } from "./profile";
export { softmaxCrossEntropy } from "./softmax-cross-entropy";
export type { InputDeclaration, InputDeclarations, StepInputs, StepOutput } from "./step";
export { StepRandom } from "./step-random";

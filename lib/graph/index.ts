// Graphs: TensorFlow.js code as one call of TensorFlow.

export { Adam, type AdamOptions } from "./adam";
export { batchNormTraining } from "./batch-norm";
export { type CompiledStep, type CompileOptions, compile } from "./compile";
export { GradientDescent, type GradientDescentOptions } from "./gradient-descent";
export { Optimiser } from "./optimiser";
export { profileStep, type StepProfile } from "./profile";
export { softmaxCrossEntropy } from "./softmax-cross-entropy";
export type { InputDeclaration, InputDeclarations, StepInputs, StepOutput } from "./step";
export { StepRandom } from "./step-random";

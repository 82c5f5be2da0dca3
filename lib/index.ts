// Runtime: the backend, reproducible randomness, memory, files, progress.
export { cacheFolder, dataFolder, projectFolder, sha256, writeAtomically } from "./runtime/files";
export { describeDuration, describeProgress, type OnProgress } from "./runtime/progress";
export { RandomStream, randomStream } from "./runtime/random";
export { assertNoTensorLeak, withTensorScope } from "./runtime/tensor-scope";
export { type BackendName, type RuntimeReport, startTensorFlow } from "./runtime/tensorflow";
export { UserError } from "./runtime/user-error";

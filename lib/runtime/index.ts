// What all else rests on: reproducible randomness, digests, memory, mistakes of the user's.

export type { OnProgress } from "./progress";
export { RandomStream, randomStream } from "./random";
export { sha256 } from "./sha256";
export { withTensorScope } from "./tensor-scope";
export { UserError } from "./user-error";

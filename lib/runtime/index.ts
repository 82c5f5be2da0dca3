/**
 * What all else rests on: random numbers that can be drawn again, digests, scopes for tensors, and mistakes of the user's.
 *
 * @module runtime
 */

export type { OnProgress } from "./progress";
export { RandomStream, randomStream } from "./random";
export { sha256 } from "./sha256";
export { withTensorScope } from "./tensor-scope";
export { UserError } from "./user-error";

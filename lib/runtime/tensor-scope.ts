import * as tf from "@tensorflow/tfjs";

/**
 * `tf.tidy` for asynchronous work: every tensor made by `work` is disposed when it ends or throws, except the
 * ones that it returns (a tensor, or an array or object of tensors), `tf.keep`s, or holds in a `tf.Variable`.
 *
 * TensorFlow.js has one stack of scopes, so two scoped pieces of work must not be interleaved: await one
 * before the next is started.
 */
export async function withTensorScope<T>(work: () => Promise<T>): Promise<T> {
  const engine = tf.engine();
  engine.startScope();
  let result: T | undefined;
  try {
    result = await work();
    return result;
  } finally {
    engine.endScope(result as tf.TensorContainer as tf.Tensor);
  }
}

/**
 * Runs `work` and throws when it leaves more tensors than it found: each one that stays is memory lost at
 * every call. Tensors that `work` returns don't count, and are left alive for the caller.
 * @throws Error that states how many tensors were left.
 */
export async function assertNoTensorLeak<T>(work: () => T | Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await work();
  const returned = new Set(tensorsIn(result)).size;
  const left = tf.memory().numTensors - before - returned;
  if (left > 0)
    throw new Error(
      `${left} tensor${left === 1 ? " was" : "s were"} left behind. Wrap the work in tf.tidy or dispose what it makes.`,
    );
  return result;
}

function tensorsIn(value: unknown): tf.Tensor[] {
  if (value instanceof tf.Tensor) return [value];
  if (ArrayBuffer.isView(value) || typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(tensorsIn);
}

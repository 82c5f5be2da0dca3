import * as tf from "@tensorflow/tfjs";

/** What TensorFlow.js remembers of an operation while gradients are taken. */
interface TapeNode {
  kernelName: string;
  inputs: Record<string, tf.Tensor>;
  outputs: tf.Tensor[];
  gradient?: unknown;
}

/** The record of operations that TensorFlow.js keeps while gradients are taken around a call. */
export const tape = {
  /** Whether operations are remembered now. */
  isOn(): boolean {
    return tf.engine().isTapeOn();
  },

  /** Runs work and returns what was remembered of it as well. */
  watch<T>(work: () => T): { result: T; nodes: TapeNode[] } {
    const { activeTape } = (tf.engine() as unknown as { state: { activeTape: TapeNode[] } }).state;
    const start = activeTape.length;
    return { result: work(), nodes: activeTape.slice(start) };
  },
};

/** How gradients flow from one output back to the tensors that it depends on. */
export type Connections = ReadonlyMap<string, { blockedBy?: string }>;

/**
 * Finds for each output which sources it depends on, through operations that a tape remembers. Where one of them, such
 * as `tf.argMax`, has no gradient, the connection is blocked by it.
 * @param sources tensors by their names.
 */
export function findConnections(
  nodes: readonly TapeNode[],
  sources: ReadonlyMap<string, tf.Tensor>,
  outputs: readonly tf.Tensor[],
): Connections[] {
  const reached = new Map<number, Map<string, { blockedBy?: string }>>();
  for (const [name, { id }] of sources) reached.set(id, new Map(reached.get(id)).set(name, {}));
  for (const { kernelName, inputs, outputs: results, gradient } of nodes) {
    const all = new Map<string, { blockedBy?: string }>();
    for (const { id } of Object.values(inputs))
      for (const [name, { blockedBy }] of reached.get(id) ?? []) {
        const blocked = all.get(name)?.blockedBy ?? blockedBy ?? (gradient ? undefined : kernelName);
        all.set(name, blocked === undefined ? {} : { blockedBy: blocked });
      }
    if (all.size > 0) for (const { id } of results) reached.set(id, all);
  }
  return outputs.map(({ id }) => reached.get(id) ?? new Map());
}

/** Results and the inputs that one operation takes, with how it is derived. */
export interface TapedOperation {
  inputs: tf.NamedTensorMap;
  outputs: tf.Tensor[];
  /** Tensors that the gradient needs as they are now. */
  saved: tf.Tensor[];
  gradient(dys: tf.Tensor[], saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
}

interface KernelFunction {
  forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): tf.Tensor[];
  backwardsFunc(dy: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
  inputs: tf.NamedTensorMap;
}

/** Puts results that were computed elsewhere on the tape, as one operation. Returns them. */
export function putOnTape({ inputs, outputs, saved, gradient }: TapedOperation): tf.Tensor[] {
  const engine = tf.engine() as unknown as { runKernelFunc(kernel: KernelFunction): tf.Tensor[] };
  return engine.runKernelFunc({
    forwardFunc: (_, save) => {
      save(saved);
      return outputs;
    },
    backwardsFunc: (dy, tensors) => gradient(Array.isArray(dy) ? dy : [dy], tensors),
    inputs,
  });
}

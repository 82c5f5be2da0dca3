import * as tf from "@tensorflow/tfjs";

/** Items in groups of `size`, in their order; the last group may be smaller. */
export function* inBatches<Item>(items: Iterable<Item>, size: number): Generator<Item[]> {
  let batch: Item[] = [];
  for (const item of items) {
    batch.push(item);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** The numbers 0 … count − 1 in groups of `size`; the last group may be smaller. */
export function* indexBatches(count: number, size: number): Generator<number[]> {
  for (let start = 0; start < count; start += size)
    yield Array.from({ length: Math.min(size, count - start) }, (_, i) => start + i);
}

/** Loads the items of every group; while one group is at work, the next is being loaded. */
export async function* loadAhead<Item, Loaded>(
  batches: Iterable<Item[]>,
  load: (item: Item) => Promise<Loaded>,
): AsyncGenerator<Loaded[]> {
  const iterator = batches[Symbol.iterator]();
  const loadNext = () => {
    const { done, value } = iterator.next();
    if (done) return undefined;
    // Async, so that a `load` that throws at once counts like one that rejects.
    const loading = Promise.all((value as Item[]).map(async (item) => load(item)));
    // Awaited in the next round: a failure that comes earlier must not count as unhandled.
    loading.catch(() => {});
    return loading;
  };
  for (let upcoming = loadNext(); upcoming; ) {
    const loaded = await upcoming;
    upcoming = loadNext();
    yield loaded;
  }
}

/** The numbers of tensors, by the tensors' names. */
export type ValuesOf<Tensors> = { [Name in keyof Tensors]: Float32Array | Int32Array };

/**
 * Computes tensors batch by batch and gives their numbers; no more than one batch is in memory, and no tensor stays.
 * @param compute runs inside `tf.tidy`
 */
export async function* computeInBatches<Batch, Tensors extends { [name: string]: tf.Tensor }>(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  compute: (batch: Batch) => Tensors,
): AsyncGenerator<{ batch: Batch; values: ValuesOf<Tensors> }> {
  for await (const batch of batches) {
    const tensors = tf.tidy(() => compute(batch));
    try {
      const values: Record<string, unknown> = {};
      for (const [name, tensor] of Object.entries(tensors)) values[name] = await tensor.data();
      yield { batch, values: values as ValuesOf<Tensors> };
    } finally {
      tf.dispose(tensors);
    }
  }
}

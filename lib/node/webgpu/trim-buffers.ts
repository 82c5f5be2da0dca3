import type { BufferManager } from "../../graph/webgpu/interfaces";

/** Bytes that may always lie ready: less is not worth the trouble. */
const ALWAYS_KEPT = 2 ** 28;

/**
 * Gives freed buffers back to the system. TensorFlow.js keeps each for the next tensor of exactly its size, for ever:
 * with batches of many sizes they fill the card. They may be half of what was ever in use at once, and 256 MiB.
 *
 * Call it when no program waits to be submitted: one that does may still name a freed buffer.
 */
export function trimBuffers(pool: BufferManager, mostUsed: number): void {
  const free = pool.numBytesAllocated - pool.numBytesUsed;
  if (pool.numBytesAllocated <= mostUsed * 1.5 + ALWAYS_KEPT || free <= 0) return;
  for (const buffers of pool.freeBuffers.values()) {
    for (const buffer of buffers) {
      pool.numBytesAllocated -= buffer.size;
      buffer.destroy();
    }
    pool.numFreeBuffers -= buffers.length;
    buffers.length = 0;
  }
}

import { type BufferManager, type GpuBuffer, STORAGE } from "./interfaces";

/**
 * Buffers for what lies between a step's inputs and its results. They belong to all recordings together, since no number in
 * them outlives a run, and to nobody else: a run overwrites them.
 */
export class SharedBuffers {
  private readonly free = new Map<number, GpuBuffer[]>();

  take(size: number): GpuBuffer | undefined {
    return this.free.get(size)?.pop();
  }

  give(buffer: GpuBuffer): void {
    const { size } = buffer;
    this.free.set(size, [...(this.free.get(size) ?? []), buffer]);
  }

  /** Gives all of them back to the backend. */
  clear(pool: BufferManager): void {
    for (const buffers of this.free.values()) for (const buffer of buffers) pool.releaseBuffer(buffer);
    this.free.clear();
  }
}

/** Stands in the place of the backend's pool while a step is recorded, so that its intermediate tensors lie in shared buffers. */
export class RecordingBuffers implements BufferManager {
  private readonly used = new Set<GpuBuffer>();

  constructor(
    private readonly pool: BufferManager,
    private readonly shared: SharedBuffers,
  ) {}

  /** Whether a buffer holds an intermediate tensor. */
  holds(buffer: GpuBuffer): boolean {
    return this.used.has(buffer);
  }

  acquireBuffer(size: number, usage: number, mappedAtCreation = false, reuse = true): GpuBuffer {
    // What the device copies from or to the processor's memory passes by.
    if (!(usage & STORAGE)) return this.pool.acquireBuffer(size, usage, mappedAtCreation, reuse);
    const buffer = this.shared.take(size) ?? this.pool.acquireBuffer(size, usage, mappedAtCreation, reuse);
    this.used.add(buffer);
    return buffer;
  }

  releaseBuffer(buffer: GpuBuffer, reuse = true): void {
    if (this.used.delete(buffer)) this.shared.give(buffer);
    else this.pool.releaseBuffer(buffer, reuse);
  }

  get numBytesUsed(): number {
    return this.pool.numBytesUsed;
  }

  get numBytesAllocated(): number {
    return this.pool.numBytesAllocated;
  }

  set numBytesAllocated(bytes: number) {
    this.pool.numBytesAllocated = bytes;
  }

  get numFreeBuffers(): number {
    return this.pool.numFreeBuffers;
  }

  set numFreeBuffers(count: number) {
    this.pool.numFreeBuffers = count;
  }

  get freeBuffers(): Map<string, GpuBuffer[]> {
    return this.pool.freeBuffers;
  }
}

import * as tf from "@tensorflow/tfjs";
import { encoderOf, type GpuBuffer, type TensorData } from "../../graph/webgpu/interfaces";
import { UserError } from "../../runtime/user-error";
import type { Dawn } from "./dawn";
import { type DeviceHealth, lostDevice } from "./device";
import type { WebGpuBackendClass } from "./interfaces";
import { trimBuffers } from "./trim-buffers";

/** Bytes of an upload that the device's queue takes along; larger ones go through a buffer of their own. */
const MOST_WRITTEN = 2 ** 16;

/** What the backend in Node leans on. */
export interface NodeBackendParts {
  dawn: Dawn;
  health: DeviceHealth;
  /** The largest tensor that a program can take, in bytes. */
  largestTensor: number;
}

// WebGPU's GPUBufferUsage and GPUMapMode.
const MAP_READ = 1;
const COPY_SRC = 4;
const COPY_DST = 8;
const STORAGE = 128;
const READ = 1;

/**
 * TensorFlow.js's WebGPU backend made fit for Node: it reads synchronously (the original takes a canvas for that), an
 * error on the device throws at the next read instead of giving zeros, and what its pool of freed buffers holds is
 * bounded.
 */
export function nodeBackendClass(
  Original: WebGpuBackendClass,
  { dawn, health, largestTensor }: NodeBackendParts,
): WebGpuBackendClass {
  return class NodeWebGpuBackend extends Original {
    private mostUsed = 0;

    override async read(dataId: object): Promise<TensorData["values"]> {
      const values = await super.read(dataId).catch(async (error: Error) => {
        // The loss of the device is told in an event of its own, which may come a moment later.
        await new Promise((resolve) => setTimeout(resolve, 50));
        health.require();
        throw lostDevice(error.message);
      });
      health.require();
      return values;
    }

    override readSync(dataId: object): TensorData["values"] {
      const { values, dtype, complexTensorInfos, resource } = this.tensorMap.get(dataId);
      if (values || dtype === "string") return values;
      if (complexTensorInfos) {
        const [real, imaginary] = [complexTensorInfos.real, complexTensorInfos.imag].map(
          (part) => this.readSync(part.dataId) as Float32Array,
        );
        const merged = tf.backend_util.mergeRealAndImagArrays(real!, imaginary!);
        return this.convertAndCacheOnCPU(dataId, merged);
      }
      const bytes = this.readBytes(resource!);
      health.require();
      const numbers = tf.util.convertBackendValuesAndArrayBuffer(bytes, dtype) as TensorData["values"];
      return this.convertAndCacheOnCPU(dataId, numbers);
    }

    private readBytes(source: GpuBuffer): ArrayBuffer {
      const { size } = source;
      const staging = this.bufferManager.acquireBuffer(size, COPY_DST | MAP_READ);
      encoderOf(this).copyBufferToBuffer(source, 0, staging, 0, size);
      this.submitQueue();
      let failure = "it can't be read";
      staging.mapAsync(READ).catch((error: Error) => {
        failure = error.message;
      });
      dawn.runUntil(() => staging.mapState !== "pending");
      if (staging.mapState !== "mapped") {
        health.require();
        throw lostDevice(failure);
      }
      const bytes = staging.getMappedRange().slice(0);
      staging.unmap();
      this.bufferManager.releaseBuffer(staging);
      return bytes;
    }

    override uploadToGPU(dataId: object): void {
      health.require();
      const tensor = this.tensorMap.get(dataId);
      if (tensor.resource) return;
      const { dtype, shape, values } = tensor;
      const bytes = 4 * tf.util.sizeFromShape(shape);
      if (bytes > largestTensor)
        throw new UserError(
          `A tensor [${shape.join(", ")}] of ${dtype} takes ${megabytes(bytes)}, and this graphics adapter computes with ` +
            `at most ${megabytes(largestTensor)} in one. Take smaller batches.`,
        );
      if (!values || bytes > MOST_WRITTEN || bytes === 0) {
        super.uploadToGPU(dataId);
        return;
      }
      // The original makes and destroys a buffer for every upload; a training step has dozens of single numbers.
      // No program that waits names a buffer of the pool, so what is written now is not what one of them reads.
      const buffer = this.bufferManager.acquireBuffer(bytes, STORAGE | COPY_SRC | COPY_DST);
      const numbers = dtype === "float32" ? Float32Array : Int32Array;
      this.queue.writeBuffer(buffer, 0, values instanceof numbers ? values : numbers.from(values));
      tensor.resource = buffer;
      tensor.values = null;
    }

    override submitQueue(): void {
      this.mostUsed = Math.max(this.mostUsed, this.bufferManager.numBytesUsed);
      super.submitQueue();
      trimBuffers(this.bufferManager, this.mostUsed);
    }
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

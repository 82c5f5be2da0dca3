import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../runtime/user-error";
import { bytesOf, encoderOf, type GpuBuffer, submit, TENSOR_USAGE, type WebGpuBackend } from "./interfaces";

/** A variable's buffer, which stays the same from run to run, and the tensor by which TensorFlow.js knows it. */
export interface VariablePlace {
  readonly variable: tf.Variable;
  readonly buffer: GpuBuffer;
  /** The variable's `dataId` while its newest value lies in the buffer. */
  dataId: object;
}

/**
 * The buffers of variables that recordings rest on. All recordings use the same one of a variable, and in eager code it is
 * the variable's tensor: nothing is copied between a run and whoever reads, saves or assigns. Clones of the variable keep
 * their value, since they get a buffer of their own before a run changes it.
 */
export class VariablePlaces {
  private readonly places = new Map<tf.Variable, { place: VariablePlace; users: number }>();

  constructor(private readonly backend: WebGpuBackend) {}

  /**
   * The place of a variable, made out of the buffer that its tensor has; counts as one more use of it.
   * @param dataId the variable's tensor when the step began
   */
  take(variable: tf.Variable, dataId: object): VariablePlace {
    const known = this.places.get(variable);
    if (known) {
      known.users++;
      return known.place;
    }
    this.backend.uploadToGPU(dataId);
    const data = this.backend.tensorMap.get(dataId);
    data.external = true;
    const place = { variable, buffer: data.resource as GpuBuffer, dataId };
    this.places.set(variable, { place, users: 1 });
    return place;
  }

  /** The place of a variable that is about to get another value than its tensor's. */
  takeToFill(variable: tf.Variable): VariablePlace {
    const known = this.places.get(variable);
    if (known) return this.take(variable, known.place.dataId);
    const buffer = this.backend.bufferManager.acquireBuffer(bytesOf(variable), TENSOR_USAGE);
    const place = { variable, buffer, dataId: {} };
    this.places.set(variable, { place, users: 1 });
    return place;
  }

  /** Ends one use; after the last the buffer belongs to the variable's tensor alone, or to nobody. */
  leave(place: VariablePlace): void {
    const known = this.places.get(place.variable);
    if (!known || --known.users > 0) return;
    this.places.delete(place.variable);
    submit(this.backend);
    const { tensorMap, bufferManager } = this.backend;
    if (tensorMap.has(place.dataId)) tensorMap.get(place.dataId).external = false;
    else bufferManager.releaseBuffer(place.buffer);
  }

  /**
   * Brings the newest value into the buffer, where somebody assigned another tensor to the variable.
   * @throws UserError when the variable was disposed
   */
  refresh(place: VariablePlace): void {
    const { variable, buffer, dataId } = place;
    if (variable.isDisposed)
      throw new UserError(
        `The compiled step uses the variable ${variable.name}, which was disposed; dispose the step before its variables.`,
      );
    if (variable.dataId === dataId) return;
    this.separateClones(place);
    this.backend.uploadToGPU(variable.dataId);
    const { resource } = this.backend.tensorMap.get(variable.dataId);
    encoderOf(this.backend).copyBufferToBuffer(resource as GpuBuffer, 0, buffer, 0, bytesOf(variable));
    this.settle(place);
  }

  /** Makes the buffer the variable's tensor: its newest value lies there. */
  settle(place: VariablePlace): void {
    const { shape, dtype } = place.variable;
    const { backend } = this;
    const dataId = backend.write(null, shape, dtype);
    Object.assign(backend.tensorMap.get(dataId), { resource: place.buffer, external: true });
    this.assign(place.variable, dataId);
    place.dataId = dataId;
  }

  /** Gives clones of the variable a buffer of their own: the variable's is about to be written. */
  separateClones(place: VariablePlace): void {
    const { backend } = this;
    const { variable, buffer, dataId } = place;
    const isThere = !variable.isDisposed && variable.dataId === dataId;
    if (!backend.tensorMap.has(dataId) || backend.refCount(dataId) <= (isThere ? 1 : 0)) return;
    const bytes = bytesOf(variable);
    const copy = backend.bufferManager.acquireBuffer(bytes, TENSOR_USAGE);
    encoderOf(backend).copyBufferToBuffer(buffer, 0, copy, 0, bytes);
    Object.assign(backend.tensorMap.get(dataId), { resource: copy, external: false });
    if (isThere) this.settle(place);
  }

  /** Gives a variable a tensor of its own where it shares one, as it does with the tensor that it was made from. */
  separate(variable: tf.Variable): void {
    const { backend } = this;
    const known = this.places.get(variable);
    if (known) {
      this.refresh(known.place);
      this.separateClones(known.place);
      return;
    }
    const { dataId, shape, dtype } = variable;
    if (backend.refCount(dataId) <= 1) return;
    const { values, resource } = backend.tensorMap.get(dataId);
    const own = backend.write(resource ? null : values, shape, dtype);
    if (resource) {
      const bytes = bytesOf(variable);
      const copy = backend.bufferManager.acquireBuffer(bytes, TENSOR_USAGE);
      encoderOf(backend).copyBufferToBuffer(resource, 0, copy, 0, bytes);
      backend.tensorMap.get(own).resource = copy;
    }
    this.assign(variable, own);
  }

  private assign(variable: tf.Variable, dataId: object): void {
    const { shape, dtype } = variable;
    const tensor = tf.engine().makeTensorFromTensorInfo({ dataId, shape, dtype });
    variable.assign(tensor);
    tensor.dispose();
  }
}

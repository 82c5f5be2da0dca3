import { brokenWeights } from "./broken-weights";

/** The number types that this library reads from files of weights, named as PyTorch names them. */
export type StoredType = "float32" | "float64" | "int64" | "int32" | "uint8";
export type StoredData = Float32Array | Float64Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor of a file of weights: row-major values, in the order of its `shape`. */
export interface StoredTensor {
  shape: number[];
  dtype: StoredType;
  data: StoredData;
}

/** A run of numbers in a file; several tensors may be views into one. */
export interface Storage {
  dtype: StoredType;
  length: number;
  data: StoredData;
}

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  uint8: Uint8Array,
} as const;

/** Bytes of one number. */
export function bytesPerValue(dtype: StoredType): number {
  return ARRAYS[dtype].BYTES_PER_ELEMENT;
}

/** Copies little-endian bytes into an array of numbers (all systems that Node runs tfjs on are little-endian). */
export function decodeStorage(dtype: StoredType, bytes: Uint8Array): StoredData {
  return new ARRAYS[dtype](new Uint8Array(bytes).buffer);
}

/**
 * Gathers a view (offset, shape, strides, as PyTorch keeps them) into a row-major tensor of its own.
 * @throws UserError when the view reaches outside its storage.
 */
export function gatherView(
  file: string,
  storage: Storage,
  offset: number,
  shape: number[],
  strides: number[],
): StoredTensor {
  const size = shape.reduce((product, n) => product * n, 1);
  const last = shape.reduce((sum, n, axis) => sum + (n - 1) * (strides[axis] as number), offset);
  const whole = [offset, ...shape, ...strides].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (!whole || shape.length !== strides.length || (size > 0 && last >= storage.length)) {
    throw brokenWeights(file, "a tensor reaches outside the numbers stored for it");
  }
  if (size > 0 && storage.data.length !== storage.length) throw brokenWeights(file, "it ends too early");
  if (size > storage.length) throw brokenWeights(file, "a tensor is larger than its storage");
  const data = new ARRAYS[storage.dtype](size);
  const index = new Array<number>(shape.length).fill(0);
  let source = offset;
  for (let i = 0; i < size; i++) {
    data[i] = storage.data[source] as never;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += strides[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < (shape[axis] as number)) break;
      source -= (strides[axis] as number) * (shape[axis] as number);
      index[axis] = 0;
    }
  }
  return { shape, dtype: storage.dtype, data };
}

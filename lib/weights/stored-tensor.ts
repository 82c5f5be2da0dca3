import { brokenWeights, unsuitableWeights } from "./broken-weights";
import {
  bytesPerNumber,
  decodeNumbers,
  type FileType,
  newNumbers,
  type StoredData,
  type StoredType,
  storedType,
} from "./number-types";

/** A tensor of a file of weights: row-major values, in the order of its `shape`. */
export interface StoredTensor {
  shape: number[];
  /** The type of the numbers; half precision was made float32. */
  dtype: StoredType;
  data: StoredData;
}

/** The numbers of a floating-point tensor as float32 (float64 is rounded); undefined for a tensor of whole numbers. */
export function floatNumbers({ data }: StoredTensor): Float32Array | undefined {
  return data instanceof Float64Array
    ? Float32Array.from(data)
    : data instanceof Float32Array
      ? data
      : undefined;
}

/** A view may show one stored number many times, but not make an array of gigabytes out of a small file. */
const maximalRepeated = 2 ** 24;

/** A run of bytes in a file; several tensors may be views into one. */
export class Storage {
  /** Reads its bytes; set once the place in the file is known, which may be after its views. */
  load?: () => Uint8Array | undefined;

  constructor(
    readonly file: string,
    /** Count of numbers, or of bytes where their type is told with each tensor. */
    readonly length: number,
    readonly byteLength: number,
  ) {}

  /**
   * Gathers a view (offset, shape, strides in numbers, as PyTorch keeps them) into a row-major tensor of its own.
   * @param bytes gives the storage's, for views that have numbers
   * @throws UserError when the view reaches outside its storage.
   */
  gather(
    type: FileType,
    offset: number,
    shape: number[],
    strides: number[],
    bytes: () => Uint8Array,
  ): StoredTensor {
    const length = this.byteLength / bytesPerNumber(type);
    const size = shape.reduce((product, n) => product * n, 1);
    const last = shape.reduce((sum, n, axis) => sum + (n - 1) * (strides[axis] as number), offset);
    const whole = [offset, size, ...shape, ...strides].every((n) => Number.isSafeInteger(n) && n >= 0);
    if (!whole || shape.length !== strides.length || (size > 0 && last >= length)) {
      throw brokenWeights(this.file, "a tensor reaches outside the numbers stored for it");
    }
    if (size > Math.max(length, maximalRepeated)) {
      throw unsuitableWeights(
        this.file,
        `a tensor [${shape}] repeats the few numbers that are stored for it`,
        "Save it as tensor.contiguous().",
      );
    }
    const dtype = storedType(type);
    if (size === 0) return { shape, dtype, data: newNumbers(type, 0) };
    const start = offset * bytesPerNumber(type);
    const stored = decodeNumbers(
      type,
      bytes().subarray(start, start + (last + 1 - offset) * bytesPerNumber(type)),
    );
    if (isRowMajor(shape, strides)) return { shape, dtype, data: stored };
    const data = newNumbers(type, size);
    const index = new Array<number>(shape.length).fill(0);
    let source = 0;
    for (let i = 0; i < size; i++) {
      data[i] = stored[source] as never;
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        source += strides[axis] as number;
        index[axis] = (index[axis] as number) + 1;
        if ((index[axis] as number) < (shape[axis] as number)) break;
        source -= (strides[axis] as number) * (shape[axis] as number);
        index[axis] = 0;
      }
    }
    return { shape, dtype, data };
  }

  /** @throws UserError when the file doesn't hold them whole */
  read(): Uint8Array {
    const bytes = this.load?.();
    if (bytes?.length === this.byteLength) return bytes;
    throw brokenWeights(this.file, "a storage in it is missing, cut short or of another length");
  }
}

/** Keeps the bytes of the storage that was read last: views of one storage mostly follow each other. */
export class StorageReader {
  private last: { storage: Storage; bytes: Uint8Array } | undefined;

  bytesOf(storage: Storage): Uint8Array {
    if (this.last?.storage !== storage) {
      // Let go before the next is read.
      this.last = undefined;
      this.last = { storage, bytes: storage.read() };
    }
    return this.last.bytes;
  }
}

function isRowMajor(shape: number[], strides: number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis] as number;
  }
  return true;
}

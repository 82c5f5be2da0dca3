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
  /** Set once the place in the file is known, which may be after its views. */
  bytes?: Uint8Array;

  constructor(
    readonly file: string,
    /** Count of numbers, or of bytes where their type is told with each tensor. */
    readonly length: number,
    readonly byteLength: number,
  ) {}

  /**
   * Gathers a view (offset, shape, strides in numbers, as PyTorch keeps them) into a row-major tensor of its own.
   * @throws UserError when the view reaches outside its storage.
   */
  gather(type: FileType, offset: number, shape: number[], strides: number[]): StoredTensor {
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
    const stored = this.numbers(type, offset, last + 1);
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

  /** The numbers from `start` to before `end`. */
  private numbers(type: FileType, start: number, end: number): StoredData {
    if (this.bytes?.length !== this.byteLength) throw brokenWeights(this.file, "it ends too early");
    const bytes = bytesPerNumber(type);
    return decodeNumbers(type, this.bytes.subarray(start * bytes, end * bytes));
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

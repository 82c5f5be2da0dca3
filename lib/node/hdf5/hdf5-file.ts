import { UserError } from "../../runtime/user-error";
import { brokenWeights, unsuitableWeights } from "../../weights/broken-weights";
import type { ByteSource } from "../../weights/byte-source";
import type { MemoryBudget } from "../../weights/memory-budget";
import {
  bytesPerNumber,
  decodeNumbers,
  type FileType,
  type StoredData,
  storedType,
} from "../../weights/number-types";
import type { StoredTensor } from "../../weights/stored-tensor";
import { Hdf5Class, type Hdf5Library, type Hdf5Metadata, nameOfGroup } from "./h5wasm";

/** The file's name in the library's own file system, where no other file is. */
const place = "/weights.h5";

/** Groups in groups; and how many things a file may hold. Links can lead back to groups that they stand in. */
const deepest = 32;
const mostObjects = 100_000;

/** What a file holds, by paths with slashes between groups. */
export interface Hdf5Content {
  tensors: Map<string, StoredTensor>;
  /** Groups that have a text called `name` as an attribute, which is how Keras names layers. */
  namesOfGroups: Map<string, string>;
}

/**
 * Reads all data sets of numbers in an HDF5 file. Half precision becomes float32; names of groups that begin with
 * `optimizer` are left out, as is what lies in them.
 * @param source read piece by piece, so that the file itself takes no memory
 * @throws UserError when the file is damaged, and when it refers to another one
 */
export function readHdf5(
  file: string,
  source: ByteSource,
  library: Hdf5Library,
  budget: MemoryBudget,
): Hdf5Content {
  putIntoLibrary(source, library);
  let opened: bigint | undefined;
  try {
    opened = library.open(place, 0, false, -1, -1);
    return new Hdf5Walk(file, library, opened, budget).content();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw brokenWeights(file, "HDF5's own library can't read it");
  } finally {
    try {
      if (opened !== undefined) library.close_file(opened);
      library.FS.unlink(place);
    } catch {
      // Of a damaged file it may not be able to let go.
    }
  }
}

/** A file in the library's file system whose bytes are fetched from the source when they are asked for. */
function putIntoLibrary(source: ByteSource, library: Hdf5Library): void {
  library.FS.create(place);
  const { node } = library.FS.lookupPath(place);
  node.usedBytes = source.length;
  node.stream_ops = {
    ...node.stream_ops,
    read: (_stream: unknown, target: Uint8Array, at: number, length: number, position: number) => {
      const count = Math.max(0, Math.min(length, source.length - position));
      source.read(position, new Uint8Array(target.buffer, target.byteOffset + at, count));
      return count;
    },
  };
}

class Hdf5Walk {
  private readonly found: Hdf5Content = { tensors: new Map(), namesOfGroups: new Map() };
  private objects = 0;

  constructor(
    private readonly file: string,
    private readonly library: Hdf5Library,
    private readonly opened: bigint,
    private readonly budget: MemoryBudget,
  ) {}

  content(): Hdf5Content {
    this.walk("", 0);
    return this.found;
  }

  private walk(group: string, depth: number): void {
    if (depth > deepest) throw this.endless();
    const own = nameOfGroup(this.library, this.opened, group || "/");
    if (own !== undefined) this.found.namesOfGroups.set(group.slice(1), own);
    for (const name of this.library.get_names(this.opened, group || "/", false)) {
      if (++this.objects > mostObjects) throw this.endless();
      const path = `${group}/${name}`;
      const kind = this.library.get_type(this.opened, path);
      if (kind === this.library.H5G_GROUP) {
        if (!/^optimizer/.test(name)) this.walk(path, depth + 1);
      } else if (kind === this.library.H5G_DATASET) this.take(path);
      else if (kind === this.library.H5G_LINK || kind === this.library.H5G_UDLINK)
        throw this.leadsElsewhere(path);
    }
  }

  private take(path: string): void {
    const metadata = this.library.get_dataset_metadata(this.opened, path);
    const { shape, size, virtual_sources: sources } = metadata;
    if (sources) throw this.leadsElsewhere(path);
    const type = this.typeOf(path, metadata);
    if (!type || !shape) return;
    const numbers = shape.reduce((product, n) => product * n, 1);
    if (!Number.isSafeInteger(numbers) || size !== bytesPerNumber(type))
      throw brokenWeights(this.file, `its tensor "${path}" has the shape [${shape}]`);
    this.budget.take(path, numbers * Math.max(4, size));
    const data = this.withBytes(path, numbers * size, (bytes) => decodeNumbers(type, bytes));
    this.found.tensors.set(path.slice(1), { shape, dtype: storedType(type), data });
  }

  /** @param copy takes what it needs of the bytes, which are gone afterwards */
  private withBytes(path: string, length: number, copy: (bytes: Uint8Array) => StoredData): StoredData {
    const pointer = this.library._malloc(Math.max(1, length));
    if (pointer === 0)
      throw unsuitableWeights(
        this.file,
        `its tensor "${path}" is too large`,
        "Save the weights as .safetensors.",
      );
    try {
      const to = BigInt(pointer);
      if (this.library.get_dataset_data(this.opened, path, null, null, null, to) < 0)
        throw brokenWeights(this.file, `the numbers of its tensor "${path}" can't be read from it`);
      return copy(this.library.HEAPU8.subarray(pointer, pointer + length));
    } finally {
      this.library._free(pointer);
    }
  }

  /** Undefined for what is no tensor, such as texts. */
  private typeOf(path: string, { type, size, signed }: Hdf5Metadata): FileType | undefined {
    const bits = 8 * size;
    if (type === Hdf5Class.float && [16, 32, 64].includes(bits)) return `float${bits}` as FileType;
    if (type === Hdf5Class.integer && [8, 16, 32, 64].includes(bits))
      return `${signed ? "int" : "uint"}${bits}` as FileType;
    if (type === Hdf5Class.enumeration && size === 1) return "bool";
    // Keras keeps bfloat16 as two bytes that HDF5 has no name for.
    if (type === Hdf5Class.opaque && size === 2) return "bfloat16";
    if (type !== Hdf5Class.float && type !== Hdf5Class.integer) return undefined;
    throw unsuitableWeights(
      this.file,
      `its tensor "${path}" has numbers of ${bits} bits, which JavaScript has none of`,
      "Save the weights as float32.",
    );
  }

  private endless(): UserError {
    return brokenWeights(
      this.file,
      "its groups lead back into each other, or are far more than weights have",
    );
  }

  private leadsElsewhere(path: string): UserError {
    return unsuitableWeights(
      this.file,
      `its part "${path}" is a link to another file, or to nothing; it was not followed`,
      "Save the weights in one file.",
    );
  }
}

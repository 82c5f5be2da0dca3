import { UserError } from "../../runtime/user-error";

// What this folder uses of the package h5wasm: HDF5's own library, compiled to WebAssembly. The package brings types of
// its own, in a form that notebooks' compiler can't read.

export interface Hdf5Metadata {
  /** The class of its numbers, one of {@link Hdf5Class}. */
  type: number;
  /** Bytes of one number. */
  size: number;
  signed: boolean;
  littleEndian: boolean;
  shape: number[] | null;
  total_size: number;
  /** Given where the numbers are put together from other data sets, perhaps of other files. */
  virtual_sources?: unknown[];
}

interface FileNode {
  usedBytes: number;
  stream_ops: object;
}

export interface Hdf5Library {
  FS: {
    create(path: string): void;
    lookupPath(path: string): { node: FileNode };
    unlink(path: string): void;
    /** Open files by their numbers; the third is what errors are printed to. */
    streams: { stream_ops: object }[];
  };
  HEAPU8: Uint8Array;
  H5G_GROUP: number;
  H5G_DATASET: number;
  H5G_LINK: number;
  H5G_UDLINK: number;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
  open(file: string, mode: number, trackOrder: boolean, low: number, high: number): bigint;
  close_file(file: bigint): number;
  get_names(file: bigint, path: string, recursive: boolean): string[];
  get_type(file: bigint, path: string): number;
  get_dataset_metadata(file: bigint, path: string): Hdf5Metadata;
  get_dataset_data(file: bigint, path: string, count: null, offset: null, strides: null, to: bigint): number;
  get_attribute_names(file: bigint, path: string): string[];
  Group: new (file: bigint, path: string) => { get_attribute(name: string, asJson: boolean): unknown };
}

/** Classes of numbers, `H5T_class_t`. */
export const Hdf5Class = { integer: 0, float: 1, opaque: 5, enumeration: 8 } as const;

interface Hdf5Package {
  ready: Promise<Omit<Hdf5Library, "Group">>;
  Group: Hdf5Library["Group"];
}

/**
 * The package h5wasm, in the build that has a file system of its own in memory, so that nothing that a file asks for is
 * opened on the machine.
 * @throws UserError when it is not installed, or doesn't run here
 */
export async function loadHdf5(): Promise<Hdf5Library> {
  try {
    // It is an ECMAScript module, which `require` takes from Node 22 on only.
    const name = "h5wasm";
    const { ready, Group } = (await import(name)) as Hdf5Package;
    silence(await ready);
    return Object.assign(Object.create(await ready), { Group }) as Hdf5Library;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND")
      throw new UserError("Reading Keras' files needs the package h5wasm: npm install h5wasm@0.10.3");
    throw new UserError(
      `The package h5wasm is installed, but does not run here (${message.split("\n")[0]}). Install it again: npm install h5wasm@0.10.3`,
    );
  }
}

/** Of a damaged file the library prints where it lost its way, in twenty lines that tell a user nothing. */
function silence({ FS }: Pick<Hdf5Library, "FS">): void {
  const write = (_stream: unknown, _bytes: unknown, _at: number, length: number) => length;
  const errors = FS.streams[2]!;
  errors.stream_ops = { ...errors.stream_ops, write };
}

/** The text that a group has as its attribute `name`; undefined where it has none. */
export function nameOfGroup(library: Hdf5Library, file: bigint, path: string): string | undefined {
  if (!library.get_attribute_names(file, path).includes("name")) return undefined;
  const name = new library.Group(file, path).get_attribute("name", false);
  return typeof name === "string" ? name : undefined;
}

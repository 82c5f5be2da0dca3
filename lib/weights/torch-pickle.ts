import { brokenWeights, unsuitableWeights } from "./broken-weights";
import { bytesPerNumber, type FileType, storedType } from "./number-types";
import { PickleGlobal, type PickleRules, type PickleValue } from "./pickle";
import { Storage, type StorageReader, type StoredTensor } from "./stored-tensor";

/** A tensor as the pickle describes it; its numbers may come later in the file. */
export class TensorView {
  constructor(
    private readonly storage: Storage,
    private readonly type: FileType,
    private readonly offset: number,
    private readonly shape: number[],
    private readonly strides: number[],
  ) {}

  /** Bytes that its numbers take in memory. */
  get byteLength(): number {
    return this.shape.reduce((product, n) => product * n, bytesPerNumber(storedType(this.type)));
  }

  /** @throws UserError when it reaches outside its storage. */
  gather(reader: StorageReader): StoredTensor {
    const bytes = () => reader.bytesOf(this.storage);
    return this.storage.gather(this.type, this.offset, this.shape, this.strides, bytes);
  }
}

class StorageReference {
  constructor(
    readonly storage: Storage,
    /** Undefined where the type is told with each tensor. */
    readonly type: FileType | undefined,
  ) {}
}

const storageTypes: ReadonlyMap<string, FileType> = new Map([
  ["torch.DoubleStorage", "float64"],
  ["torch.FloatStorage", "float32"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
]);

/** Types that came after the storages with a type; each tensor tells them. */
const tensorTypes: ReadonlyMap<string, FileType> = new Map([
  ["torch.uint16", "uint16"],
  ["torch.uint32", "uint32"],
  ["torch.uint64", "uint64"],
]);

const untyped = "torch.storage.UntypedStorage";

/** What training scripts put beside weights. None of it is made or run; it may stand in a file, that is all. */
const harmless = new Set([
  ...["numpy.core.multiarray", "numpy._core.multiarray"].flatMap((module) =>
    ["scalar", "_reconstruct"].map((name) => `${module}.${name}`),
  ),
  ...["__builtin__", "builtins"].flatMap((module) =>
    ["set", "frozenset", "slice", "complex", "bytearray"].map((name) => `${module}.${name}`),
  ),
  "_codecs.encode",
  "numpy.dtype",
  "argparse.Namespace",
  "types.SimpleNamespace",
  "datetime.datetime",
  "datetime.timedelta",
  "pathlib.Path",
  "pathlib.PosixPath",
  "pathlib.WindowsPath",
  "torch.device",
  "torch.serialization._get_layout",
]);

/** Rebuilders of tensors that are not rows of plain numbers, and how to save them as such. */
const otherTensors: readonly [name: string, what: string, remedy: string][] = [
  ["torch._utils._rebuild_sparse_tensor", "a sparse tensor", "Save it as tensor.to_dense()."],
  ["torch._utils._rebuild_nested_tensor", "a nested tensor", "Save its tensors one by one."],
  ["torch._utils._rebuild_qtensor", "a quantised tensor", "Save it as tensor.dequantize()."],
  ["torch._utils._rebuild_meta_tensor_no_storage", "a tensor without numbers", "Load the weights first."],
];

/**
 * What a pickle of PyTorch may contain, and how tensors come out of it.
 * @param storages receives every storage by its key
 * @param onStorage is told of each storage and its key, where the format has its bytes before the pickle is read
 */
export function torchRules(
  file: string,
  storages: Map<string, Storage>,
  onStorage?: (storage: Storage, key: string) => void,
): PickleRules {
  const view = (reference: PickleValue | undefined, type: FileType | undefined, rest: PickleValue[]) => {
    const [offset, shape, strides] = rest;
    const numbers = [offset, ...listOf(shape), ...listOf(strides)];
    if (!(reference instanceof StorageReference) || !type || !numbers.every((n) => typeof n === "number")) {
      throw brokenWeights(file, "a tensor in it is not well formed");
    }
    const lists = [listOf(shape), listOf(strides)] as [number[], number[]];
    return new TensorView(reference.storage, type, offset as number, ...lists);
  };
  const rebuild = ([reference, ...rest]: PickleValue[]) =>
    view(reference, reference instanceof StorageReference ? reference.type : undefined, rest);
  const rebuildTyped = ([reference, offset, shape, strides, , , type]: PickleValue[]) => {
    const name = type instanceof PickleGlobal ? type.name : "an unnamed type";
    return view(reference, tensorTypes.get(name) ?? refuseType(file, name), [
      offset,
      shape,
      strides,
    ] as PickleValue[]);
  };
  const globals = new Map<string, (args: PickleValue[]) => PickleValue>([
    ["collections.OrderedDict", () => new Map()],
    ["collections.defaultdict", () => new Map()],
    ["collections.Counter", ([counts]) => counts ?? new Map()],
    ["torch.Size", ([sizes]) => sizes ?? []],
    ["torch._utils._rebuild_tensor", rebuild],
    ["torch._utils._rebuild_tensor_v2", rebuild],
    ["torch._utils._rebuild_tensor_v3", rebuildTyped],
    ["torch._utils._rebuild_parameter", ([tensor]) => tensor as PickleValue],
    ["torch._utils._rebuild_parameter_with_state", ([tensor]) => tensor as PickleValue],
    ...otherTensors.map(([name, what, remedy]): [string, () => never] => [
      name,
      () => {
        throw unsuitableWeights(file, `it holds ${what}`, remedy);
      },
    ]),
  ]);
  const persistent = (id: PickleValue) => {
    const [kind, type, key, , length] = listOf(id);
    if (kind !== "storage" || typeof length !== "number" || !Number.isSafeInteger(length) || length < 0) {
      throw brokenWeights(file, "a storage in it is not well formed");
    }
    const name = type instanceof PickleGlobal ? type.name : "an unnamed type";
    const numbers = name === untyped ? undefined : (storageTypes.get(name) ?? refuseType(file, name));
    let storage = storages.get(String(key));
    if (!storage) {
      storage = new Storage(file, length, length * (numbers ? bytesPerNumber(numbers) : 1));
      storages.set(String(key), storage);
      onStorage?.(storage, String(key));
    }
    return new StorageReference(storage, numbers);
  };
  return { file, globals, harmless, persistent };
}

function refuseType(file: string, name: string): never {
  throw unsuitableWeights(
    file,
    `it holds numbers of the type ${name}, which JavaScript has none of`,
    "Save them as float32: tensor.float().",
  );
}

function listOf(value: PickleValue | undefined): PickleValue[] {
  return Array.isArray(value) ? value : [];
}

import { type FloatType, floatWidths, toFloat32 } from "./floats.js";
import type { PickleHost } from "./pickle.js";
import { described, Known, type PickleDict, quoted, Tuple } from "./pickleValues.js";

/** Whole numbers and booleans: they are known, measured and left out. */
const otherWidths = { Long: 8, Int: 4, Short: 2, Char: 1, Byte: 1, Bool: 1 } as const;
const floatStorages = { Double: "F64", Float: "F32", Half: "F16", BFloat16: "BF16" } as const;

/** The class of a storage, such as `torch.FloatStorage`. */
class StorageType extends Known {
  constructor(
    name: string,
    readonly width: number,
    /** Undefined for whole numbers and booleans. */
    readonly float: FloatType | undefined,
  ) {
    super(`torch.${name}`);
  }
}

/** A stretch of values in the file, of which tensors show parts. */
export class TorchStorage {
  constructor(
    readonly key: string,
    readonly type: StorageType,
    /** In values. */
    readonly count: number,
    /** Of another storage, where this is a part of one (files of PyTorch before 0.4). */
    readonly view: { key: string; offset: number } | undefined,
  ) {}
}

/** A tensor as the pickle describes it; its values are elsewhere in the file. */
export class TorchTensor {
  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}

  /** The number of values shown. */
  get size(): number {
    return this.shape.reduce((product, side) => product * side, 1);
  }
}

const MOST_AXES = 64;
/** One list may be named many times: this bounds the copies. */
const MOST_PAIRS = 1_000_000;

function rebuildTensor(args: readonly unknown[]): TorchTensor {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof TorchStorage))
    throw new Error(`a tensor is made of ${described(storage)}, not of a storage`);
  const sides = wholeNumbers(shape);
  const steps = wholeNumbers(strides);
  if (!isWhole(offset) || !sides || !steps || sides.length !== steps.length)
    throw new Error(`a tensor of storage ${quoted(storage.key)} has an offset, shape or strides that make no sense`);
  const tensor = new TorchTensor(storage, offset, sides, steps);
  // Where it is empty, nothing is read, whatever offset and strides say.
  const last = sides.includes(0) ? -1 : sides.reduce((at, side, axis) => at + (side - 1) * steps[axis]!, offset);
  if (last >= storage.count || !Number.isSafeInteger(tensor.size))
    throw new Error(
      `a tensor of shape [${sides}], strides [${steps}] and offset ${offset} reaches beyond its storage of ${storage.count} values`,
    );
  return tensor;
}

function wholeNumbers(value: unknown): number[] | undefined {
  const items = value instanceof Tuple ? value.items : value;
  return Array.isArray(items) && items.length <= MOST_AXES && items.every(isWhole) ? items : undefined;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

const dtypes = "float64 float32 float16 bfloat16 int64 int32 int16 int8 uint8 bool".split(" ");

const names = new Map<string, Known>(
  [
    new Known("torch.Size", ([sizes]) => (sizes instanceof Tuple ? sizes : new Tuple([]))),
    new Known("torch._utils._rebuild_tensor", rebuildTensor),
    // What follows shape and strides is about gradients.
    new Known("torch._utils._rebuild_tensor_v2", rebuildTensor),
    new Known("torch._utils._rebuild_parameter", ([data]) => {
      if (!(data instanceof TorchTensor)) throw new Error(`a parameter is made of ${described(data)}, not of a tensor`);
      return data;
    }),
    ...Object.entries(floatStorages).map(([n, type]) => new StorageType(`${n}Storage`, floatWidths[type], type)),
    ...Object.entries(otherWidths).map(([n, width]) => new StorageType(`${n}Storage`, width, undefined)),
    ...dtypes.map((name) => new Known(`torch.${name}`)),
  ].map((known) => [known.name, known]),
);

/** What a file of `torch.save` may name: tensors, parameters, storages, sizes, types, ordered dicts. Nothing else. */
export class TorchHost implements PickleHost {
  /** By key, in the order of their first mention. */
  readonly storages = new Map<string, TorchStorage>();

  private pairs = 0;
  private readonly orderedDict = new Known("collections.OrderedDict", ([pairs]) => this.dictOf(pairs));

  find(module: string, name: string): Known | undefined {
    const full = `${module}.${name}`;
    return full === this.orderedDict.name ? this.orderedDict : names.get(full);
  }

  /** Python 3 makes an empty one and sets its items; Python 2 made it of a list of pairs. */
  private dictOf(pairs: unknown): PickleDict {
    const dict: PickleDict = new Map();
    if (!Array.isArray(pairs)) return dict;
    this.pairs += pairs.length;
    if (this.pairs > MOST_PAIRS) throw new Error(`the pickle makes OrderedDicts of more than ${MOST_PAIRS} pairs`);
    for (const pair of pairs) {
      const items: unknown = pair instanceof Tuple ? pair.items : pair;
      if (!Array.isArray(items) || items.length !== 2)
        throw new Error(`the pickle makes an OrderedDict of ${described(pair)}, not of pairs`);
      dict.set(items[0], items[1]);
    }
    return dict;
  }

  /** `("storage", type, key, location, count)`, in old files with a sixth: None, or `(key, offset, count)` of a part. */
  persistent(id: unknown): TorchStorage {
    const items = id instanceof Tuple ? id.items : [];
    const [kind, type, key, , count, part] = items;
    if (kind !== "storage")
      throw new Error(`the pickle refers to ${described(kind ?? id)} outside it, not to a storage`);
    if (!(type instanceof StorageType)) throw new Error(`a storage is of ${described(type)}, which is not read`);
    if (typeof key !== "string" || !isWhole(count) || !isWhole(count * type.width))
      throw new Error(`a storage has ${described(key)} as its key and ${described(count)} as its length`);
    let whole = this.storages.get(key);
    if (whole?.type !== type || whole.count !== count) {
      whole = new TorchStorage(key, type, count, undefined);
      this.storages.set(key, whole);
    }
    if (!(part instanceof Tuple)) return whole;
    const [partKey, offset, partCount] = part.items;
    if (typeof partKey !== "string" || !isWhole(offset) || !isWhole(partCount) || offset + partCount > count)
      throw new Error(`a part of storage ${quoted(key)} lies outside it`);
    return new TorchStorage(partKey, type, partCount, { key, offset });
  }
}

/**
 * A tensor's values as float32, in the order of its shape: offset and strides resolved.
 *
 * @param bytes of the storage that it shows (of the whole one, where that is a part)
 */
export function tensorValues(tensor: TorchTensor, bytes: Uint8Array, bigEndian: boolean): Float32Array {
  const { storage, shape, strides, size } = tensor;
  const { float, width, name } = storage.type;
  if (!float) throw new Error(`${name} holds no floating point numbers`);
  if (size === 0) return new Float32Array(0);
  const first = (storage.view?.offset ?? 0) + tensor.offset;
  const read = (from: number, count: number) =>
    toFloat32(bytes.subarray(from * width, (from + count) * width), float, bigEndian);
  if (isContiguous(shape, strides)) return read(first, size);
  const packed = new Uint8Array(size * width);
  let to = 0;
  walk(shape, strides, first, (at) => {
    for (let byte = at * width; byte < (at + 1) * width; byte++) packed[to++] = bytes[byte]!;
  });
  return toFloat32(packed, float, bigEndian);
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && strides[axis] !== step) return false;
    step *= shape[axis]!;
  }
  return true;
}

/** Visits the place of each value in the order of the shape, the last axis fastest. */
function walk(shape: readonly number[], strides: readonly number[], from: number, visit: (at: number) => void): void {
  const place = shape.map(() => 0);
  for (let at = from; ; ) {
    visit(at);
    let axis = shape.length - 1;
    for (; axis >= 0; axis--) {
      at += strides[axis]!;
      if (++place[axis]! < shape[axis]!) break;
      at -= shape[axis]! * strides[axis]!;
      place[axis] = 0;
    }
    if (axis < 0) return;
  }
}

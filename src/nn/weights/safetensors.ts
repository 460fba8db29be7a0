/**
 * The safetensors format: eight bytes with the header's length (little endian), a JSON header, then the raw values. Written so
 * that Python's `safetensors` reads it; its rules about lengths and gaps are kept. Float32 and int32 are written; all floating point
 * types are read.
 */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { type FloatType, floatWidths, toFloat32 } from "./floats.js";

export interface NamedTensor {
  dtype: "F32" | "I32";
  shape: number[];
  values: Float32Array | Int32Array;
}

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** The header is padded with spaces to this, so that values are aligned in memory. */
const ALIGNMENT = 8;
const METADATA = "__metadata__";

/** What Python's `safetensors` reads. */
const LONGEST_HEADER = 100_000_000;

/** Whole numbers and others, with their width in bytes: they may stand in a file, and are not given out. */
const otherWidths = new Map(
  Object.entries({
    I64: 8,
    U64: 8,
    C64: 8,
    I32: 4,
    U32: 4,
    I16: 2,
    U16: 2,
    I8: 1,
    U8: 1,
    BOOL: 1,
    F8_E4M3: 1,
    F8_E5M2: 1,
  }),
);

/**
 * The file's bytes. Tensors stand in the order of the map.
 *
 * @param metadata texts by name for the header, such as `{ format: "pt" }`
 */
export function encodeSafetensors(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const parts = safetensorsParts(tensors, metadata);
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** What `encodeSafetensors` gives, in parts that follow each other: the header, and the tensors' own memory. */
export function safetensorsParts(
  tensors: ReadonlyMap<string, NamedTensor>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array[] {
  // Without a prototype: a tensor may have any name.
  const header: Record<string, unknown> = Object.create(null);
  if (metadata) header[METADATA] = metadata;
  let at = 0;
  for (const [name, { dtype, shape, values }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + values.byteLength] } satisfies HeaderEntry;
    at += values.byteLength;
  }
  let text = JSON.stringify(header);
  text += " ".repeat((ALIGNMENT - (Buffer.byteLength(text) % ALIGNMENT)) % ALIGNMENT);
  const headerBytes = Buffer.from(text);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(headerBytes.length));
  const views = [...tensors.values()].map(
    ({ values }) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  );
  return [length, headerBytes, ...views];
}

/**
 * Reads what `encodeSafetensors` or Python wrote: F32 and I32 as they are, F64, F16 and BF16 as float32.
 *
 * @param leftOut is told of tensors of other types; where it is not given, they are refused
 * @throws Error that says what is wrong with the bytes
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  leftOut?: (name: string, dtype: string) => void,
): Map<string, NamedTensor> {
  return decode({ size: bytes.byteLength, read: (from, to) => bytes.subarray(from, to) }, leftOut);
}

/** `decodeSafetensors` of a file of any size, a tensor at a time. Throws what the file system throws, too. */
export function readSafetensors(file: string): Map<string, NamedTensor> {
  const handle = openSync(file, "r");
  try {
    return decode({ size: fstatSync(handle).size, read: (from, to) => readBytes(handle, from, to) });
  } finally {
    closeSync(handle);
  }
}

interface Source {
  /** Bytes. */
  size: number;
  read(from: number, to: number): Uint8Array;
}

function decode({ size, read }: Source, leftOut?: (name: string, dtype: string) => void): Map<string, NamedTensor> {
  if (size < 8) throw new Error("not a safetensors file: shorter than its length field");
  const field = read(0, 8);
  const length = Number(new DataView(field.buffer, field.byteOffset).getBigUint64(0, true));
  const start = 8 + length;
  if (start > size) throw new Error("not a safetensors file, or cut short: its header ends beyond the file");
  if (length > LONGEST_HEADER)
    throw new Error(`not a safetensors file: its header has ${length} bytes, more than ${LONGEST_HEADER}`);
  const header = parseHeader(new TextDecoder().decode(read(8, start)));
  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => checkedEntry(name, entry));
  expectNoGaps(entries, size - start);
  const tensors = new Map<string, NamedTensor>();
  for (const { name, dtype, shape, data_offsets } of entries) {
    const piece = () => read(start + data_offsets[0], start + data_offsets[1]);
    if (isFloat(dtype)) tensors.set(name, { dtype: "F32", shape, values: toFloat32(piece(), dtype) });
    // Not `slice`: a Buffer's own is a view of the whole file, and need not start at a multiple of four.
    else if (dtype === "I32")
      tensors.set(name, { dtype, shape, values: new Int32Array(new Uint8Array(piece()).buffer) });
    else if (leftOut) leftOut(name, dtype);
    else throw new Error(`tensor ${name}: type ${dtype} is not read (floating point numbers and I32 are)`);
  }
  return tensors;
}

function readBytes(handle: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(to - from);
  for (let at = 0; at < bytes.length; ) {
    const count = readSync(handle, bytes, at, Math.min(bytes.length - at, 2 ** 30), from + at);
    if (count === 0) throw new Error(`the file is cut short: it ends at byte ${from + at}`);
    at += count;
  }
  return bytes;
}

function checkedEntry(name: string, entry: unknown): HeaderEntry & { name: string } {
  if (!isEntry(entry)) throw new Error(`tensor ${name}: its entry lacks dtype, shape or data_offsets`);
  const { dtype, shape, data_offsets } = entry;
  const width = isFloat(dtype) ? floatWidths[dtype] : otherWidths.get(dtype);
  if (width === undefined) throw new Error(`tensor ${name}: there is no type ${dtype}`);
  const [from, to] = data_offsets;
  if (to - from !== shape.reduce((product, side) => product * side, width))
    throw new Error(`tensor ${name}: its place in the file does not fit its shape [${shape}]`);
  return { name, dtype, shape, data_offsets };
}

/** The tensors must fill the bytes: one after the other, without gaps, overlaps or a rest. */
function expectNoGaps(entries: readonly (HeaderEntry & { name: string })[], length: number): void {
  const inOrder = [...entries].sort(
    (a, b) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1],
  );
  let end = 0;
  for (const { name, data_offsets } of inOrder) {
    if (data_offsets[0] !== end)
      throw new Error(`tensor ${name}: it starts at byte ${data_offsets[0]}, where the one before it ends at ${end}`);
    end = data_offsets[1];
  }
  if (end > length) throw new Error(`the file is cut short: ${length} bytes of values, ${end} were expected`);
  if (end < length) throw new Error(`${length - end} bytes at the file's end belong to no tensor`);
}

function isFloat(dtype: string): dtype is FloatType {
  return Object.hasOwn(floatWidths, dtype);
}

function parseHeader(text: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (error) {
    throw new Error(`not a safetensors file: its header is not JSON (${(error as Error).message})`);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header))
    throw new Error("not a safetensors file: its header is not a JSON object");
  return header as Record<string, unknown>;
}

function isEntry(entry: unknown): entry is HeaderEntry {
  const { dtype, shape, data_offsets } = (entry ?? {}) as Partial<HeaderEntry>;
  const whole = (list: unknown) => Array.isArray(list) && list.every((one) => Number.isSafeInteger(one) && one >= 0);
  return typeof dtype === "string" && whole(shape) && whole(data_offsets) && data_offsets?.length === 2;
}

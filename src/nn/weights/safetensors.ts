/**
 * The safetensors format: eight bytes with the header's length (little endian), a JSON header, then the raw values. Written so
 * that Python's `safetensors` reads it. Only float32 and int32 occur here.
 */

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

/** The file's bytes. Tensors stand in the order of the map. */
export function encodeSafetensors(tensors: Map<string, NamedTensor>): Uint8Array {
  const header: Record<string, HeaderEntry> = {};
  let at = 0;
  for (const [name, { dtype, shape, values }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [at, at + values.byteLength] };
    at += values.byteLength;
  }
  let text = JSON.stringify(header);
  text += " ".repeat((ALIGNMENT - (Buffer.byteLength(text) % ALIGNMENT)) % ALIGNMENT);
  const headerBytes = Buffer.from(text);
  const bytes = new Uint8Array(8 + headerBytes.length + at);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  bytes.set(headerBytes, 8);
  let offset = 8 + headerBytes.length;
  for (const { values } of tensors.values()) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
    offset += values.byteLength;
  }
  return bytes;
}

/** Reads what `encodeSafetensors` or Python wrote. Throws an Error that says what is wrong with the bytes. */
export function decodeSafetensors(bytes: Uint8Array): Map<string, NamedTensor> {
  if (bytes.byteLength < 8) throw new Error("not a safetensors file: shorter than its length field");
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const start = 8 + length;
  if (start > bytes.byteLength)
    throw new Error("not a safetensors file, or cut short: its header ends beyond the file");
  const header = parseHeader(Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString("utf8"));
  const tensors = new Map<string, NamedTensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    if (!isEntry(entry)) throw new Error(`tensor ${name}: its entry lacks dtype, shape or data_offsets`);
    const { dtype, shape } = entry;
    if (dtype !== "F32" && dtype !== "I32")
      throw new Error(`tensor ${name}: type ${dtype} is not read yet (F32 and I32 are)`);
    const [from, to] = entry.data_offsets;
    const size = shape.reduce((product, side) => product * side, 1);
    if (to - from !== 4 * size || start + to > bytes.byteLength)
      throw new Error(
        `tensor ${name}: its place in the file does not fit its shape [${shape}], or the file is cut short`,
      );
    // Not `bytes.slice`: a Buffer's own slice is a view of the whole file, and need not start at a multiple of four.
    const copy = new Uint8Array(bytes.subarray(start + from, start + to)).buffer;
    tensors.set(name, { dtype, shape, values: dtype === "F32" ? new Float32Array(copy) : new Int32Array(copy) });
  }
  return tensors;
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
  const whole = (list: unknown) => Array.isArray(list) && list.every((one) => Number.isInteger(one) && one >= 0);
  return typeof dtype === "string" && whole(shape) && whole(data_offsets) && data_offsets?.length === 2;
}

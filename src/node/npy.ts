import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../userError.js";

/** Kinds of numbers that are read and written, by NumPy's code for them. */
const DTYPES = { "|u1": "uint8", "<f4": "float32" } as const;
export type NpyType = (typeof DTYPES)[keyof typeof DTYPES];
interface NpyArrays {
  uint8: Uint8Array;
  float32: Float32Array;
}
const BYTES: Readonly<Record<NpyType, number>> = { uint8: 1, float32: 4 };

/** What stands before the numbers. */
export interface NpyHeader {
  type: NpyType;
  shape: number[];
  /** Where the numbers start, in bytes from the start of the file. */
  dataOffset: number;
}

const MAGIC = "\x93NUMPY";
/** Longer headers are not written for plain arrays; the file's own word on it is not trusted further. */
const LONGEST_HEADER = 65536;

/**
 * Reads the header of a NumPy file: format 1.0, 2.0 or 3.0, row-major, uint8 or little-endian float32.
 *
 * @param bytes the file's beginning
 * @param name the file's name, for messages
 * @param fileBytes the length of the whole file
 * @throws UserError naming the file and what is wrong; also where the file holds more or fewer numbers than its shape says
 * @see NumPy, `numpy.lib.format`
 */
export function readNpyHeader(bytes: Uint8Array, name: string, fileBytes: number): NpyHeader {
  const refuse = (what: string): never => {
    throw new UserError(`${name}: ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 10 || ascii(bytes, 0, 6) !== MAGIC) refuse("is no NumPy file (.npy)");
  const version = bytes[6]!;
  if (version < 1 || version > 3) refuse(`has NumPy format ${version}; expected 1, 2 or 3`);
  const start = version === 1 ? 10 : 12;
  if (bytes.length < start) refuse(`ends after ${fileBytes} bytes, within its header`);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > LONGEST_HEADER) refuse(`has a header of ${length} bytes; expected at most ${LONGEST_HEADER}`);
  if (bytes.length < start + length) refuse(`ends after ${fileBytes} bytes, within its header`);
  const text = ascii(bytes, start, length);
  const match =
    /^\{ *'descr': *'([^']*)', *'fortran_order': *(True|False), *'shape': *\(([0-9, ]*)\),? *\}\s*$/.exec(text) ??
    refuse(`has a header that is not of a plain array: ${JSON.stringify(text.trim().slice(0, 80))}`);
  const [, descr, fortran, dimensions] = match;
  const type = Object.hasOwn(DTYPES, descr!) ? DTYPES[descr as keyof typeof DTYPES] : undefined;
  if (!type) return refuse(`holds numbers of kind ${JSON.stringify(descr)}; expected uint8 (|u1) or float32 (<f4)`);
  if (fortran === "True") refuse("is in column-major (Fortran) order; expected row-major");
  const shape = dimensions!.split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const dataOffset = start + length;
  const wanted = shape.reduce((product, size) => product * size, BYTES[type]);
  if (!Number.isSafeInteger(wanted)) refuse(`has shape (${shape.join(", ")}), more than a file can hold`);
  if (fileBytes !== dataOffset + wanted) {
    const cut = fileBytes < dataOffset + wanted ? "it is cut short" : "something follows them";
    refuse(`has ${fileBytes - dataOffset} bytes of numbers; shape (${shape.join(", ")}) needs ${wanted}: ${cut}`);
  }
  return { type, shape, dataOffset };
}

/** The header of an array, format 1.0, padded so that the numbers start at a multiple of 64 bytes. */
export function npyHeader(type: NpyType, shape: readonly number[]): Uint8Array {
  const descr = Object.entries(DTYPES).find(([, name]) => name === type)![0];
  const dimensions = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dimensions}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const header = new Uint8Array(length).fill(0x20);
  for (let i = 0; i < MAGIC.length; i++) header[i] = MAGIC.charCodeAt(i);
  header.set([1, 0, (length - 10) & 255, (length - 10) >> 8], 6);
  for (let i = 0; i < text.length; i++) header[10 + i] = text.charCodeAt(i);
  header[length - 1] = 0x0a;
  return header;
}

/** An open file of which single items of the first axis are read when they are asked for. */
export class NpyFile<T extends NpyType = NpyType> {
  readonly type: T;
  readonly shape: readonly number[];
  private readonly file: string;
  private readonly dataOffset: number;
  private readonly itemValues: number;
  private handle: number | undefined;

  /** @throws UserError naming the file: see `readNpyHeader`; also where it cannot be opened or holds other numbers */
  constructor(file: string, type: T) {
    this.file = file;
    try {
      this.handle = openSync(file, "r");
    } catch (error) {
      throw new UserError(`${file}: cannot be opened (${(error as NodeJS.ErrnoException).code ?? error})`);
    }
    try {
      const found = fstatSync(this.handle);
      if (!found.isFile()) throw new UserError(`${file}: is no ordinary file`);
      const beginning = new Uint8Array(Math.min(found.size, LONGEST_HEADER + 12));
      readWhole(this.handle, beginning, 0);
      const header = readNpyHeader(beginning, file, found.size);
      if (header.type !== type) throw new UserError(`${file}: holds ${header.type} numbers; expected ${type}`);
      this.type = type;
      this.shape = header.shape;
      this.dataOffset = header.dataOffset;
      this.itemValues = header.shape.slice(1).reduce((product, size) => product * size, 1);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * Item `index` of the first axis, as one flat array.
   *
   * @param out used where given, of the item's length
   * @throws RangeError for an item that is not there, an array of another length, and after `close`
   * @throws UserError where the file has become shorter
   */
  read(index: number, out?: NpyArrays[T]): NpyArrays[T] {
    const { itemValues, type, file, shape } = this;
    if (this.handle === undefined) throw new RangeError(`${file} was closed`);
    if (!Number.isInteger(index) || index < 0 || index >= (shape[0] ?? 0)) {
      throw new RangeError(`${file}: there is no item ${index} in an array of shape (${shape.join(", ")})`);
    }
    const values =
      out ?? ((type === "uint8" ? new Uint8Array(itemValues) : new Float32Array(itemValues)) as NpyArrays[T]);
    if (values.length !== itemValues)
      throw new RangeError(`${file}: an item has ${itemValues} values, not ${values.length}`);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    if (!readWhole(this.handle, bytes, this.dataOffset + index * bytes.length)) {
      throw new UserError(`${file}: ends within item ${index}; it has become shorter since it was opened`);
    }
    return values;
  }

  /** Releases the file; calling it again does nothing. */
  close(): void {
    if (this.handle !== undefined) closeSync(this.handle);
    this.handle = undefined;
  }
}

/** Fills `bytes` from a place in the file; false where the file ends before. */
function readWhole(handle: number, bytes: Uint8Array, position: number): boolean {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(handle, bytes, at, bytes.length - at, position + at);
    if (read === 0) return false;
    at += read;
  }
  return true;
}

function ascii(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}

import { mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { NpyFile, npyHeader, readNpyHeader } from "../../src/node/npy.js";
import { UserError } from "../../src/userError.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-npy-"));
let files = 0;
function file(bytes: Uint8Array): string {
  const place = path.join(folder, `${files++}.npy`);
  writeFileSync(place, bytes);
  return place;
}

// NumPy 2.4: b = io.BytesIO(); np.save(b, a); b.getvalue()
const numpy = (dictionary: string, padding: number, numbers: number[]) =>
  Uint8Array.of(
    ...Buffer.from("\x93NUMPY\x01\x00v\x00", "latin1"),
    ...Buffer.from(`${dictionary}${" ".repeat(padding)}\n`),
    ...numbers,
  );
/** np.arange(6, dtype=np.uint8).reshape(2, 3) */
const six = numpy("{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }", 58, [0, 1, 2, 3, 4, 5]);
/** np.array([[0.5], [-1.25]], np.float32) */
const floats = numpy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }", 58, [0, 0, 0, 63, 0, 0, 160, 191]);

describe("NpyFile", () => {
  it("reads what NumPy writes", () => {
    const bytes = new NpyFile(file(six), "uint8");
    expect([bytes.type, bytes.shape, bytes.read(1), bytes.read(0)]).toEqual([
      "uint8",
      [2, 3],
      Uint8Array.of(3, 4, 5),
      Uint8Array.of(0, 1, 2),
    ]);
    const numbers = new NpyFile(file(floats), "float32");
    const out = new Float32Array(1);
    expect([numbers.read(0), numbers.read(1, out), out]).toEqual(
      [[0.5], [-1.25], [-1.25]].map((x) => Float32Array.of(...x)),
    );
    for (const opened of [bytes, numbers]) opened.close();
  });

  it("reads formats 1 and 2, one axis, and no axis", () => {
    // np.lib.format.write_array(b, np.arange(6, dtype=np.uint8).reshape(2, 3), version=(2, 0))
    const second = Buffer.concat([
      Buffer.from("934e554d5059020074000000", "hex"),
      Buffer.from(`{'descr': '|u1', 'fortran_order': False, 'shape': (2, 3), }${" ".repeat(56)}\n`),
      Buffer.from([0, 1, 2, 3, 4, 5]),
    ]);
    expect(new NpyFile(file(second), "uint8").read(1)).toEqual(Uint8Array.of(3, 4, 5));
    const one = numpy("{'descr': '|u1', 'fortran_order': False, 'shape': (3,), }", 60, [7, 8, 9]);
    expect(readNpyHeader(one, "x", one.length)).toEqual({ type: "uint8", shape: [3], dataOffset: 128 });
    const none = numpy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", 62, [7]);
    expect(readNpyHeader(none, "x", none.length).shape).toEqual([]);
  });

  it("writes headers that it reads, numbers at a multiple of 64", () => {
    for (const shape of [[], [5], [6898, 90, 173], [1, 2, 3, 4, 5]]) {
      for (const type of ["uint8", "float32"] as const) {
        const header = npyHeader(type, shape);
        const size = header.length + shape.reduce((a, b) => a * b, type === "uint8" ? 1 : 4);
        expect(readNpyHeader(header, "x", size)).toEqual({ type, shape, dataOffset: header.length });
        expect(header.length % 64).toBe(0);
      }
    }
    // What NumPy writes for an array of that shape, byte by byte: the header of icbhi's logmel.npy.
    expect(Buffer.from(npyHeader("uint8", [6898, 90, 173])).toString("latin1")).toBe(
      `\x93NUMPY\x01\x00v\x00{'descr': '|u1', 'fortran_order': False, 'shape': (6898, 90, 173), }${" ".repeat(49)}\n`,
    );
  });

  const changed = (from: string, to: string) =>
    Buffer.from(Buffer.from(six).toString("latin1").replace(from, to), "latin1");
  it.each([
    ["nothing", new Uint8Array(0), "is no NumPy file"],
    ["something else", Buffer.from("RIFF....WAVEfmt "), "is no NumPy file"],
    ["a later format", changed("\x01\x00v", "\x04\x00v"), "has NumPy format 4; expected 1, 2 or 3"],
    ["half a header", six.subarray(0, 60), "ends after 60 bytes, within its header"],
    ["other numbers", changed("'|u1'", "'<i8'"), 'holds numbers of kind "<i8"; expected uint8 (|u1) or float32 (<f4)'],
    ["big-endian numbers", changed("'|u1'", "'>f4'"), 'holds numbers of kind ">f4"'],
    ["Python objects", changed("'|u1',", "'|O', "), 'holds numbers of kind "|O"'],
    ["columns first", changed("False,", "True, "), "is in column-major (Fortran) order"],
    ["records", changed("'|u1'", "[('a', '<f4')]"), "has a header that is not of a plain array"],
    ["too few numbers", six.subarray(0, 132), "has 4 bytes of numbers; shape (2, 3) needs 6: it is cut short"],
    [
      "too many numbers",
      Buffer.concat([six, Buffer.of(1)]),
      "has 7 bytes of numbers; shape (2, 3) needs 6: something follows them",
    ],
    ["a shape that lies", changed("(2, 3)", "(99999999999, 99999999999)"), "more than a file can hold"],
    ["a header that lies", changed("v\x00{", "\xff\xff{"), "within its header"],
  ])("refuses %s with a message", (_, bytes, message) => {
    const place = file(bytes);
    expect(() => new NpyFile(place, "uint8")).toThrow(UserError);
    expect(() => new NpyFile(place, "uint8")).toThrow(message);
    expect(() => new NpyFile(place, "uint8")).toThrow(place);
  });

  it("refuses a file that is not there, a folder, other numbers than wanted", () => {
    expect(() => new NpyFile(path.join(folder, "none.npy"), "uint8")).toThrow("cannot be opened (ENOENT)");
    expect(() => new NpyFile(folder, "uint8")).toThrow("is no ordinary file");
    expect(() => new NpyFile(file(floats), "uint8")).toThrow("holds float32 numbers; expected uint8");
  });

  it("refuses items that are not there, and notices a file that became shorter", () => {
    const place = file(six);
    const opened = new NpyFile(place, "uint8");
    for (const index of [-1, 2, 0.5]) expect(() => opened.read(index)).toThrow(RangeError);
    expect(() => opened.read(0, new Uint8Array(4))).toThrow("an item has 3 values, not 4");
    truncateSync(place, 132);
    expect(() => opened.read(1)).toThrow("ends within item 1");
    opened.close();
    opened.close();
    expect(() => opened.read(0)).toThrow("was closed");
  });
});

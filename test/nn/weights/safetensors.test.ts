import { describe, expect, test } from "vitest";
import { decodeSafetensors, encodeSafetensors, type NamedTensor } from "../../../src/nn/weights/safetensors.js";

/*
 * safetensors 0.8.0, torch 2.15.0:
 * safetensors.torch.save({"a.weight": torch.tensor([[1.5, -2.0, 0.1], [3.25, 0.0, -1e-30]]),
 *   "n": torch.tensor([7, -8], dtype=torch.int32), "s": torch.tensor(2.5)}, metadata={"format": "pt"}).hex()
 */
const python =
  "d0000000000000007b225f5f6d657461646174615f5f223a7b22666f726d6174223a227074227d2c22612e776569676874223a7b226474797065223a22463332222c227368617065223a5b322c335d2c22646174615f6f666673657473223a5b302c32345d7d2c2273223a7b226474797065223a22463332222c227368617065223a5b5d2c22646174615f6f666673657473223a5b32342c32385d7d2c226e223a7b226474797065223a22493332222c227368617065223a5b325d2c22646174615f6f666673657473223a5b32382c33365d7d7d202020200000c03f000000c0cdcccc3d00005040000000006042a28d0000204007000000f8ffffff";

const tensors = new Map<string, NamedTensor>([
  ["a.weight", { dtype: "F32", shape: [2, 3], values: Float32Array.of(1.5, -2, 0.1, 3.25, 0, -1e-30) }],
  ["s", { dtype: "F32", shape: [], values: Float32Array.of(2.5) }],
  ["n", { dtype: "I32", shape: [2], values: Int32Array.of(7, -8) }],
]);

/** A file by the format's description: length, header, values. */
function file(header: string, ...values: number[]): Uint8Array {
  const bytes = new Uint8Array(8 + Buffer.byteLength(header) + values.length);
  new DataView(bytes.buffer).setUint32(0, Buffer.byteLength(header), true);
  bytes.set(Buffer.from(header), 8);
  bytes.set(values, 8 + Buffer.byteLength(header));
  return bytes;
}

const entry = (over: object) => JSON.stringify({ w: { dtype: "F32", shape: [1], data_offsets: [0, 4], ...over } });

const two = (a: number[], b: number[]) =>
  JSON.stringify({
    v: { dtype: "F32", shape: [1], data_offsets: a },
    w: { dtype: "F32", shape: [1], data_offsets: b },
  });

/*
 * x = [1.5, -2.0, 65504.0, 2**-24, 2**-14, 0.1, float("inf"), -0.0]
 * t = {"bf16": torch.tensor(x, dtype=torch.bfloat16), "f16": torch.tensor(x, dtype=torch.float16),
 *   "f64": torch.tensor(x, dtype=torch.float64), "n": torch.tensor([3])}
 * safetensors.torch.save(t).hex(); {k: v.float().tolist() for k, v in t.items()}
 */
const otherFloats =
  "e8000000000000007b226e223a7b226474797065223a22493634222c227368617065223a5b315d2c22646174615f6f666673657473223a5b302c385d7d2c22663634223a7b226474797065223a22463634222c227368617065223a5b385d2c22646174615f6f666673657473223a5b382c37325d7d2c2262663136223a7b226474797065223a2242463136222c227368617065223a5b385d2c22646174615f6f666673657473223a5b37322c38385d7d2c22663136223a7b226474797065223a22463136222c227368617065223a5b385d2c22646174615f6f666673657473223a5b38382c3130345d7d7d20202020200300000000000000000000000000f83f00000000000000c00000000000fcef40000000000000703e000000000000103f9a9999999999b93f000000000000f07f0000000000000080c03f00c0804780338038cd3d807f0080003e00c0ff7b01000004662e007c0080";
const otherValues = {
  bf16: [1.5, -2.0, 65536.0, 2 ** -24, 2 ** -14, 0.10009765625, Infinity, -0],
  f16: [1.5, -2.0, 65504.0, 2 ** -24, 2 ** -14, 0.0999755859375, Infinity, -0],
  f64: [1.5, -2.0, 65504.0, 2 ** -24, 2 ** -14, 0.10000000149011612, Infinity, -0],
};

describe("safetensors", () => {
  test("reads every width of floating point numbers, as PyTorch converts them", () => {
    const leftOut: string[] = [];
    const read = decodeSafetensors(Buffer.from(otherFloats, "hex"), (name, dtype) => leftOut.push(`${name} ${dtype}`));
    expect(Object.fromEntries([...read].map(([name, { values }]) => [name, [...values]]))).toEqual(otherValues);
    expect(leftOut).toEqual(["n I64"]);
    expect(() => decodeSafetensors(Buffer.from(otherFloats, "hex"))).toThrow("tensor n: type I64 is not read");
  });

  test("keeps a tensor of any name, and texts in the header", () => {
    const tensors = new Map([["__proto__", { dtype: "F32" as const, shape: [1], values: Float32Array.of(7) }]]);
    const bytes = encodeSafetensors(tensors, { format: "pt" });
    expect(decodeSafetensors(bytes)).toEqual(tensors);
    expect(Buffer.from(bytes).toString("latin1", 8)).toMatch(/^\{"__metadata__":\{"format":"pt"\},"__proto__":/);
  });

  test("reads what Python wrote", () => {
    expect([...decodeSafetensors(Buffer.from(python, "hex"))]).toEqual([...tensors]);
  });

  test("writes what Python writes, but for the metadata", () => {
    const ours = Buffer.from(encodeSafetensors(tensors));
    const theirs = Buffer.from(python, "hex");
    const header = (bytes: Buffer) => JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
    const { __metadata__, ...wanted } = header(theirs);
    expect(header(ours)).toEqual(wanted);
    expect(ours.subarray(-36).equals(theirs.subarray(-36))).toBe(true);
    expect(ours.readBigUInt64LE() % 8n).toBe(0n);
  });

  test("keeps every bit, in files that start anywhere in memory", () => {
    const odd = Float32Array.of(Number.NaN, -0, Infinity, -Infinity, 1.401298464324817e-45, 3.4028234663852886e38);
    const bytes = encodeSafetensors(new Map([["ä", { dtype: "F32", shape: [6], values: odd }]]));
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    const back = decodeSafetensors(shifted.subarray(3)).get("ä")!;
    expect(Buffer.from(back.values.buffer).equals(Buffer.from(odd.buffer))).toBe(true);
  });

  test("writes only the part of a buffer that a tensor shows", () => {
    const values = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const bytes = encodeSafetensors(new Map([["part", { dtype: "F32", shape: [2], values }]]));
    expect([...decodeSafetensors(bytes).get("part")!.values]).toEqual([2, 3]);
  });

  test("reads bytes made by hand", () => {
    // 1.0 is 3f800000 in IEEE 754.
    expect(decodeSafetensors(file(entry({}), 0, 0, 0x80, 0x3f)).get("w")!.values).toEqual(Float32Array.of(1));
  });

  test.each([
    ["nothing", new Uint8Array(), "shorter than its length field"],
    ["seven bytes", new Uint8Array(7), "shorter than its length field"],
    ["a header beyond the end", Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123), "its header ends beyond the file"],
    ["a length of 2^63", Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125), "its header ends beyond the file"],
    ["a header that is no JSON", file("{"), "its header is not JSON"],
    ["a header that is a list", file("[]"), "its header is not a JSON object"],
    ["a header that is null", file("null"), "its header is not a JSON object"],
    ["an entry that is null", file('{"w":null}'), "tensor w: its entry lacks dtype, shape or data_offsets"],
    ["no shape", file('{"w":{"dtype":"F32","data_offsets":[0,4]}}', 0, 0, 0, 0), "tensor w: its entry lacks"],
    ["a negative place", file(entry({ data_offsets: [-4, 0] }), 0, 0, 0, 0), "tensor w: its entry lacks"],
    ["another type", file(entry({ dtype: "U32" }), 0, 0, 0, 0), "tensor w: type U32 is not read"],
    ["a type that does not exist", file(entry({ dtype: "F31" }), 0, 0, 0, 0), "tensor w: there is no type F31"],
    ["a type by a name of JavaScript's", file(entry({ dtype: "toString" }), 0, 0, 0, 0), "there is no type toString"],
    ["a shape beyond 2^53", file(entry({ shape: [2 ** 40, 2 ** 40] })), "its place in the file does not"],
    ["a gap", file(entry({ data_offsets: [4, 8] }), 0, 0, 0, 0, 0, 0, 0, 0), "tensor w: it starts at byte 4"],
    ["a rest", file(entry({}), 0, 0, 0, 0, 0), "1 bytes at the file's end belong to no tensor"],
    [
      "an overlap",
      file(two([0, 4], [0, 4]), 0, 0, 0, 0),
      "tensor w: it starts at byte 0, where the one before it ends",
    ],
    [
      "values for two of one name",
      file(`${entry({}).slice(0, -1)},${entry({ data_offsets: [4, 8] }).slice(1)}`, ...Array(8).fill(0)),
      "it starts at byte 4",
    ],
    ["a shape that does not fit", file(entry({ shape: [2] }), 0, 0, 0, 0), "tensor w: its place in the file does not"],
    ["values cut short", file(entry({}), 0, 0, 0), "the file is cut short"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes)).toThrow(message);
  });
});

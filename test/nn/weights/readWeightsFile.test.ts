import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseWeights, readWeightsFile } from "../../../src/nn/weights/readWeightsFile.js";
import { encodeSafetensors, type NamedTensor } from "../../../src/nn/weights/safetensors.js";
import { torchFiles, torchWanted } from "./torchFixtures.js";
import { zipOf } from "./zipOf.js";

const folder = mkdtempSync(path.join(tmpdir(), "auscult-weights-"));
const hex = ({ values }: NamedTensor) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("hex");

describe("a file of torch.save", () => {
  test.each(Object.entries(torchFiles))("of form %s: every tensor, bit for bit", (form, bytes) => {
    const { format, tensors, leftOut, found } = parseWeights(bytes);
    const got = Object.fromEntries([...tensors].map(([name, tensor]) => [name, [tensor.shape, hex(tensor)]]));
    expect(got).toEqual(torchWanted);
    expect({ format, leftOut, found }).toEqual({
      format: form === "before 1.6" ? "torch (before 1.6)" : "torch",
      leftOut: 1,
      found: 'under "state_dict", "module." taken off the names',
    });
  });

  test("starts anywhere in memory", () => {
    const shifted = Buffer.concat([Buffer.alloc(3), torchFiles.zip!]).subarray(3);
    expect(parseWeights(shifted).tensors).toEqual(parseWeights(torchFiles.zip!).tensors);
  });

  test("with the big end first is turned round", () => {
    // x of the fixture as a big-endian machine would store it, under a pickle of its own.
    const pickle = tensorPickle({ shape: [2], strides: [1], count: 2 });
    const file = zipOf({ "a/data.pkl": pickle, "a/byteorder": "big", "a/data/0": "\x3f\xc0\0\0\xc0\0\0\0" });
    expect([...parseWeights(file).tensors.get("w")!.values]).toEqual([1.5, -2]);
  });

  test("is recognised by its content, and named by its file", () => {
    const file = path.join(folder, "weights.bin");
    writeFileSync(file, torchFiles.zip!);
    const { name, sha256, tensors } = readWeightsFile(file);
    expect(name).toBe("weights.bin");
    expect(sha256).toBe(createHash("sha256").update(torchFiles.zip!).digest("hex"));
    expect(tensors.size).toBe(Object.keys(torchWanted).length);
  });
});

test("a safetensors file: whole numbers are left out and counted", () => {
  const tensors = new Map<string, NamedTensor>([
    ["module.w", { dtype: "F32", shape: [1], values: Float32Array.of(2) }],
    ["module.n", { dtype: "I32", shape: [1], values: Int32Array.of(2) }],
  ]);
  const read = parseWeights(encodeSafetensors(tensors));
  expect(read).toEqual({
    format: "safetensors",
    tensors: new Map([["w", tensors.get("module.w")]]),
    leftOut: 1,
    found: '"module." taken off the names',
  });
});

const le32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value | 0);
  return bytes.toString("latin1");
};
const short = (text: string) => `X${le32(text.length)}${text}`;
const int = (value: number) => `J${le32(value)}`;
const tuple = (...items: string[]) => `(${items.join("")}t`;
const FLOAT_STORAGE = "ctorch\nFloatStorage\n";
const ORDERED = "ccollections\nOrderedDict\n)R";
const REBUILD = "ctorch._utils\n_rebuild_tensor_v2\n";

interface Described {
  key?: string;
  type?: string;
  count?: number;
  offset?: number;
  shape?: number[];
  strides?: number[];
}

const storage = ({ key = "0", type = FLOAT_STORAGE, count = 4 }: Described) =>
  `${tuple(short("storage"), type, short(key), short("cpu"), int(count))}Q`;

const tensor = ({ offset = 0, shape = [4], strides = [1], ...rest }: Described) =>
  `${REBUILD}${tuple(storage(rest), int(offset), tuple(...shape.map(int)), tuple(...strides.map(int)), "\x89", ORDERED)}R`;

/** `{"w": tensor}` in protocol 2, by pickletools' description of the operations. */
function tensorPickle(described: Described): string {
  return `\x80\x02}${short("w")}${tensor(described)}s.`;
}

const archive = (pickle: string, more: Record<string, string> = { "a/data/0": "\0".repeat(16) }) =>
  zipOf({ "a/data.pkl": pickle, ...more });

test("the hand-made file that the refused ones are variants of is read", () => {
  expect(parseWeights(archive(tensorPickle({}))).tensors).toEqual(
    new Map([["w", { dtype: "F32", shape: [4], values: new Float32Array(4) }]]),
  );
});

/*
 * import os, pickle
 * class Runs:
 *     def __reduce__(self): return os.system, ("touch auscult-ran",)
 * class Sets:
 *     def __init__(self): self.x = 1
 *     def __setstate__(self, state): os.system("touch auscult-ran")
 * for protocol in 2, 4, 0: print(pickle.dumps(Runs(), protocol))
 * print(pickle.dumps(Sets(), 2))
 */
const runs2 = "\x80\x02cposix\nsystem\nq\x00X\x11\x00\x00\x00touch auscult-ranq\x01\x85q\x02Rq\x03.";
const runs4 =
  "\x80\x04\x95\x2c\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x11touch auscult-ran\x94\x85\x94R\x94.";
const runs0 = "cposix\nsystem\np0\n(Vtouch auscult-ran\np1\ntp2\nRp3\n.";
const sets2 = "\x80\x02c__main__\nSets\nq\x00)\x81q\x01}q\x02X\x01\x00\x00\x00xq\x03K\x01sb.";

/** Nine lists, each of ten times the one before it. */
const laughs = `]q\x00${short("ha")}a${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => `](${`h${String.fromCharCode(i - 1)}`.repeat(10)}eq${String.fromCharCode(i)}`).join("")}`;

const million = 1_000_000;

const indexOf = (bytes: Uint8Array, text: string) => Buffer.from(bytes).indexOf(text, 0, "latin1");

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = new Uint8Array(bytes);
  copy[at]! ^= 1;
  return copy;
}

/** A file of the older format: the magic number, then these. */
const legacy = (...parts: string[]) =>
  Buffer.from(`\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.${parts.join("")}`, "latin1");
/** Its version, and a machine. */
const heads = ["\x80\x02M\xe9\x03.", "\x80\x02}."];

describe("refused, with nothing run", () => {
  // biome-ignore format: a table
  test.each<[string, Uint8Array, RegExp | string]>([
    // ---- what would run something
    ["os.system by GLOBAL and REDUCE", archive(runs2), /it holds "posix\.system", which is neither a tensor nor/],
    ["os.system by STACK_GLOBAL", archive(runs4), /it holds "posix\.system"/],
    ["os.system in protocol 0", archive(runs0), /it holds "posix\.system"/],
    ["os.system by INST", archive("\x80\x02(S'touch auscult-ran'\nios\nsystem\n."), "operation STRING at byte 3"],
    ["INST without arguments", archive("\x80\x02(ios\nsystem\n."), "operation INST at byte 3 is not one of a file of"],
    ["an object with __setstate__", archive(sets2), /it holds "__main__\.Sets"/],
    ["NEWOBJ of a class that is allowed", archive("\x80\x02ctorch\nSize\n)\x81."), "operation NEWOBJ"],
    ["BUILD of a list", archive("\x80\x02]}b."), "sets the state of a list of 0 (BUILD)"],
    ["BUILD of a dict with something else", archive("\x80\x02}]b."), "sets the state of a dict of 0 (BUILD)"],
    ["eval", archive("\x80\x02c__builtin__\neval\n."), '"__builtin__.eval"'],
    ["a call of a storage's class", archive(`\x80\x02${FLOAT_STORAGE})R.`), "calls torch.FloatStorage, which is not"],
    ["a call of a number", archive("\x80\x02K\x01)R."), "calls the number 1"],
    ["a function of torch's", archive("\x80\x02ctorch.hub\nload\n."), '"torch.hub.load"'],
    ["a class by two numbers", archive("\x80\x04K\x01K\x02\x93."), "names a class by the number 1 and the number 2"],
    ["a name with escapes", archive("\x80\x02c\x1b[2J\nx\n."), '"\\u001b[2J.x"'],
    ["a registered extension", archive("\x80\x02\x82\x01."), "operation EXT1"],
    // ---- storages
    ["a storage of a foreign class", archive(tensorPickle({ type: "cos\nsystem\n" })), '"os.system"'],
    ["a storage of no storage class", archive(tensorPickle({ type: "ctorch\nfloat32\n" })), "a storage is of torch.float32"],
    ["another persistent id", archive(`\x80\x02${tuple(short("module"))}Q.`), 'refers to the text "module" outside it'],
    ["a persistent id of text", archive("\x80\x02Pfile\n."), "operation PERSID"],
    ["a storage that is not there", archive(tensorPickle({ key: "../0" })), 'storage "../0" is not in the archive'],
    ["a storage longer than its entry", archive(tensorPickle({ count: 5 })), 'storage "0" has 16 bytes, and should hold 5'],
    ["a storage of negative length", archive(tensorPickle({ count: -1 })), "and the number -1 as its length"],
    ["a tensor beyond its storage", archive(tensorPickle({ offset: 1 })), "reaches beyond its storage of 4 values"],
    ["strides beyond its storage", archive(tensorPickle({ strides: [2] })), "reaches beyond its storage of 4 values"],
    ["a negative stride", archive(tensorPickle({ offset: 3, strides: [-1] })), "that make no sense"],
    ["strides for another shape", archive(tensorPickle({ strides: [1, 1] })), "that make no sense"],
    ["a tensor of no storage", archive(`\x80\x02${REBUILD}${tuple("K\x01")}R.`), "made of the number 1, not of a storage"],
    // ---- size and depth
    ["one value shown 2^31 times", archive(tensorPickle({ shape: [2 ** 31 - 1], strides: [0] })), /would fill 8589934588 bytes/],
    ["axes beyond 2^53", archive(tensorPickle({ shape: Array(3).fill(2 ** 30), strides: [0, 0, 0] })), "reaches beyond"],
    ["65 axes", archive(tensorPickle({ shape: Array(65).fill(1), strides: Array(65).fill(0) })), "that make no sense"],
    ["lists of lists of lists (10^9)", archive(`\x80\x02${laughs}.`), "it holds a list of 10, not a state dict"],
    ["a dict within itself", archive(`\x80\x02}q\x00${short("model")}h\x00s.`), "nested without an end: model, model"],
    ["a list within itself", archive("\x80\x02]q\x00h\x00a."), "it holds a list of 1"],
    ["a text of 2^62 bytes", archive("\x80\x04\x8d\0\0\0\0\0\0\0\x40."), "a length of 4611686018427387904 bytes"],
    ["a text of 2^32 - 1 bytes", archive("\x80\x02X\xff\xff\xff\xff."), "cut short: 4294967295 bytes wanted"],
    ["a number of 2^31 bytes", archive("\x80\x02\x8b\0\0\0\x80."), "cut short: 2147483648 bytes wanted"],
    ["a number of 1,000 bytes", archive(`\x80\x02\x8b\xe8\x03\0\0${"\x01".repeat(1000)}.`), "a whole number of 1000 bytes"],
    ["a million empty dicts", archive(`\x80\x02${"}".repeat(million)}.`), "more than 1000000 operations"],
    ["a list of pairs copied often", archive(`\x80\x02](${`${short("k")}N\x86`.repeat(1000)}e\x85q\x000${"ccollections\nOrderedDict\nh\x00R".repeat(1001)}.`), "OrderedDicts of more than 1000000 pairs"],
    ["a dict as a key", archive("\x80\x02}}Ns."), "has a dict of 0 as a dict's key"],
    // ---- broken pickles
    ["an empty pickle", archive(""), "the pickle is cut short"],
    ["a pickle without an end", archive("\x80\x02}"), "the pickle is cut short: 1 bytes wanted at byte 3"],
    ["a stack with too little", archive("\x80\x02s."), "takes more from its stack than is there"],
    ["a stack taken through a mark", archive("\x80\x02}(s."), "takes more from its stack than is there"],
    ["nothing to give", archive("\x80\x02."), "takes more from its stack than is there"],
    ["a group that was not begun", archive("\x80\x02t."), "ends a group that was not begun"],
    ["a key without a value", archive("\x80\x02}(Nu."), "a key without a value"],
    ["a value never kept", archive("\x80\x02h\x05."), "recalls value 5, which it never kept"],
    ["an append to a number", archive("\x80\x02K\x01K\x02a."), "appends to the number 1"],
    ["items of a list", archive("\x80\x02]NNs."), "sets items of a list of 0"],
    ["protocol 6", archive("\x80\x06N."), "has protocol 6; 2 to 5 are read"],
    ["an unknown operation", archive("\x80\x02\xff."), "operation 0xff at byte 2"],
    ["a name without an end", archive(`\x80\x02c${"a".repeat(2000)}`), "a name without an end at byte 3"],
    // ---- archives
    ["two pickles", zipOf({ "a/data.pkl": "N.", "b/data.pkl": "N." }), "it has 2 entries data.pkl, not one"],
    ["a zip archive of something else", zipOf({ "readme.txt": "" }), "it is a zip archive, but not of torch.save"],
    ["a TorchScript program", archive("\x80\x02N.", { "a/constants.pkl": "" }), "it is a TorchScript program"],
    ["a foreign byte order", archive("\x80\x02N.", { "a/byteorder": "middle" }), 'its byte order is "middle"'],
    ["an archive cut short", torchFiles.zip!.subarray(0, 2000), "the archive is cut short: its list of entries is missing"],
    ["a flipped bit among the values", flipped(torchFiles.zip!, indexOf(torchFiles.zip!, "\0\0\xc0\x3f")), /entry "archive\/data\/0" has another checksum/],
    // ---- the older format
    ["another pickle", Buffer.from("\x80\x02K\x01.", "latin1"), "it is a pickle, but not of torch.save"],
    ["another version", legacy("\x80\x02M\xea\x03."), "its version is the number 1002; 1001 is read"],
    ["os.system in place of the machine", legacy("\x80\x02M\xe9\x03.", runs2), '"posix.system"'],
    ["a storage without its values", legacy(...heads, tensorPickle({}), `\x80\x02]${short("0")}a.`, `${le32(4)}\0\0\0\0`), "16 bytes wanted"],
    ["a storage of another length", legacy(...heads, tensorPickle({}), `\x80\x02]${short("0")}a.`, `${le32(5)}\0\0\0\0`), 'storage "0" has 5 values, and should have 4'],
    ["a storage of 2^63 values", legacy(...heads, tensorPickle({}), `\x80\x02]${short("0")}a.`, "\0\0\0\0\0\0\0\x80"), "a length of 9223372036854775808"],
    ["a storage of nothing", legacy(...heads, tensorPickle({}), `\x80\x02]${short("1")}a.`), 'names the text "1", which no tensor'],
    ["no list of storages", legacy(...heads, tensorPickle({}), "\x80\x02N."), "in place of its list of storages stands None"],
    ["a storage that is not listed", legacy(...heads, tensorPickle({}), "\x80\x02]."), 'tensor "w": storage "0" is not in the file'],
    // ---- neither
    ["nothing", new Uint8Array(), "it is empty"],
    ["a text", Buffer.from("<!DOCTYPE html><title>Not found</title>"), "it is neither a file of torch.save nor safetensors"],
    ["HDF5", Buffer.from("\x89HDF\r\n\x1a\n", "latin1"), "(it is HDF5)"],
    ["a number alone", archive("\x80\x02K\x05."), "it holds the number 5, not a state dict"],
    ["keys without tensors", archive(`\x80\x02}(${short("epoch")}K\x03${short("optimizer")}}u.`), 'no tensors are found in it; its keys: "epoch" (the number 3), "optimizer" (a dict of 0). A state dict is looked for'],
    ["an empty dict under a name", archive(`\x80\x02}${short("model")}}s.`), 'no tensors are found in it under "model"; its keys: none'],
  ])("%s", (_, bytes, message) => {
    expect(() => parseWeights(bytes)).toThrow(message);
    expect(existsSync("auscult-ran")).toBe(false);
  });
});

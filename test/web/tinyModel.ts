import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { MANIFEST_FILE, type Manifest, type ManifestFile } from "../../src/inference/manifest.js";
import { testPathOf } from "../../src/papers/testPaths.js";

/** A field of a protocol buffer: https://protobuf.dev/programming-guides/encoding. */
type Field = [number: number, value: number | string | Uint8Array];

function message(...fields: Field[]): Uint8Array {
  const parts = fields.map(([number, value]) => {
    if (typeof value === "number") return Uint8Array.from([...varint(number * 8), ...varint(value)]);
    const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
    return Uint8Array.from([...varint(number * 8 + 2), ...varint(bytes.length), ...bytes]);
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];
}

const floats = (values: readonly number[]) => new Uint8Array(Float32Array.from(values).buffer);

/** TensorProto: dims 1, data_type 2, name 8, raw_data 9; 1 is float32, 3 int8, 7 int64. */
const tensor = (name: string, type: number, dims: readonly number[], raw: Uint8Array) =>
  message(...dims.map((dim): Field => [1, dim]), [2, type], [8, name], [9, raw]);

/** NodeProto: input 1, output 2, op_type 4, attribute 5. */
const node = (op: string, inputs: readonly string[], output: string, ...attributes: Uint8Array[]) =>
  message(...inputs.map((name): Field => [1, name]), [2, output], [4, op], ...attributes.map((one): Field => [5, one]));

/** AttributeProto of one integer: name 1, i 3, type 20 (2 is INT). */
const integer = (name: string, value: number) => message([1, name], [3, value], [20, 2]);

/** ValueInfoProto: name 1, type 2 { tensor_type 1 { elem_type 1, shape 2 { dim 1 { dim_value 1, dim_param 2 } } } }. */
const value = (name: string, dims: readonly (number | string)[]) =>
  message(
    [1, name],
    [
      2,
      message([
        1,
        message(
          [1, 1],
          [2, message(...dims.map((dim): Field => [1, message([typeof dim === "number" ? 1 : 2, dim])]))],
        ),
      ]),
    ],
  );

/**
 * An ONNX network that answers from the mean of its input alone: logit of label k is `weights[k] * mean + biases[k]`. In int8 the weights
 * are bytes with one scale, which a DequantizeLinear undoes.
 */
export function tinyNetwork(
  shape: readonly number[],
  weights: readonly number[],
  biases: readonly number[],
  precision: "float32" | "int8",
  { seen, slow }: Pick<TinyModel, "seen" | "slow"> = {},
): Uint8Array {
  const labels = weights.length;
  const scale = Math.max(...weights.map(Math.abs)) / 127;
  const bytes = new Uint8Array(Int8Array.from(weights.map((one) => Math.round(one / scale))).buffer);
  const isFloat = precision === "float32";
  const graph = message(
    [1, node("Flatten", ["x"], "flat", integer("axis", 1))],
    [1, node("ReduceMean", ["flat", "axes"], "mean", integer("keepdims", 1))],
    ...(isFloat ? [] : [[1, node("DequantizeLinear", ["bytes", "scale"], "weights")] as Field]),
    [1, node("Gemm", [slow ? "slow mean" : "mean", "weights", "biases"], "logits")],
    ...(slow ? slowFields(slow) : []),
    [2, "tiny"],
    [5, tensor("axes", 7, [1], new Uint8Array(BigInt64Array.from([1n]).buffer))],
    ...(isFloat
      ? [[5, tensor("weights", 1, [1, labels], floats(weights))] as Field]
      : [[5, tensor("bytes", 3, [1, labels], bytes)] as Field, [5, tensor("scale", 1, [], floats([scale]))] as Field]),
    [5, tensor("biases", 1, [labels], floats(biases))],
    [11, value("x", ["batch", ...shape])],
    [12, value("logits", ["batch", labels])],
    ...(seen ? seenFields(seen, shape, labels) : []),
  );
  // ModelProto: ir_version 1, graph 7, opset_import 8 { version 2 }.
  return message([1, 8], [7, graph], [8, message([2, 18])]);
}

/** Products of matrices of 1,400 rows that change nothing: 5.5 billion operations each, not to be foreseen by who simplifies graphs. */
function slowFields(products: number): Field[] {
  const size = BigInt64Array.from([1400n, 1400n]);
  const ofAll = new Uint8Array(BigInt64Array.from([0n, 1n]).buffer);
  return [
    [5, tensor("size", 7, [2], new Uint8Array(size.buffer))],
    [5, tensor("zero", 1, [], floats([0]))],
    [5, tensor("of all", 7, [2], ofAll)],
    [1, node("Mul", ["mean", "zero"], "nothing")],
    [1, node("ConstantOfShape", ["size"], "zeros")],
    [1, node("Add", ["zeros", "nothing"], "product 0")],
    ...Array.from(
      { length: products },
      (_, i): Field => [1, node("MatMul", [`product ${i}`, "product 0"], `product ${i + 1}`)],
    ),
    [1, node("ReduceMean", [`product ${products}`, "of all"], "product", integer("keepdims", 0))],
    [1, node("Add", ["mean", "product"], "slow mean")],
  ];
}

/**
 * What the network says it looked at: of even outputs sigmoid(x / 10 - 1), bright where the input is louder than 10 dB, of odd ones the opposite; as attention the softmax over time of a tenth of the rows' mean.
 */
function seenFields(kind: "grad-cam++" | "attention", [rows, frames]: readonly number[], labels: number): Field[] {
  const constant = (name: string, values: readonly number[]): Field => [
    5,
    tensor(name, 1, [values.length], floats(values)),
  ];
  if (kind === "attention")
    return [
      [5, tensor("rows and channels", 7, [2], new Uint8Array(BigInt64Array.from([1n, 3n]).buffer))],
      constant("tenth", [0.1]),
      [1, node("ReduceMean", ["x", "rows and channels"], "moments", integer("keepdims", 1))],
      [1, node("Mul", ["moments", "tenth"], "shares")],
      [1, node("Softmax", ["shares"], "seen", integer("axis", 2))],
      [12, value("seen", ["batch", 1, frames!, 1])],
    ];
  const sign = (k: number) => (k % 2 === 0 ? 1 : -1);
  return [
    constant(
      "slopes",
      Array.from({ length: labels }, (_, k) => 0.1 * sign(k)),
    ),
    constant(
      "offsets",
      Array.from({ length: labels }, (_, k) => -sign(k)),
    ),
    [1, node("Mul", ["x", "slopes"], "sloped")],
    [1, node("Add", ["sloped", "offsets"], "offset")],
    [1, node("Sigmoid", ["offset"], "seen")],
    [12, value("seen", ["batch", rows!, frames!, labels])],
  ];
}

/** Small, as the mean of a map of decibels is some tens. */
export function tinyWeights(count: number): { weights: number[]; biases: number[] } {
  return {
    weights: Array.from({ length: count }, (_, k) => 0.9 * Math.cos(1.7 * k + 0.4)),
    biases: Array.from({ length: count }, (_, k) => 0.3 * Math.sin(k)),
  };
}

export interface TinyModel {
  recipe?: string;
  task?: string;
  labels?: readonly string[];
  outputs?: Manifest["outputs"];
  calibration?: Manifest["calibration"];
  /** Of inputs of one channel. Only float32 has it. */
  seen?: NonNullable<Manifest["seen"]>["kind"];
  /** How many large products an answer takes besides. */
  slow?: number;
}

/** Writes a folder as `auscult export` does, with a network that answers from the loudness of its input. */
export function writeTinyModel(
  folder: string,
  {
    recipe = "multibreath",
    task = "icbhi/4-class",
    labels = ["Normal", "Crackle", "Wheeze", "Both"],
    ...given
  }: TinyModel = {},
): Manifest {
  const {
    outputs = { kind: "softmax" },
    calibration = { temperature: 2, errorBefore: 0.2, errorAfter: 0.05, role: "select" },
    seen,
    slow,
  } = given;
  const id = task.slice(task.indexOf("/") + 1) as "11";
  const way = testPathOf(recipe, id);
  const [map] = way.maps(new Float32Array(8000).fill(0.1), 8000);
  const { rows, frames, channels = 1 } = map! as { rows: number; frames: number; channels?: number };
  const shape = [rows, frames, channels];
  const count = outputs.kind === "softmax" ? labels.length : outputs.findings.length;
  const { weights, biases } = tinyWeights(count);
  mkdirSync(folder, { recursive: true });
  const write = (name: string, content: Uint8Array, more: Pick<ManifestFile, "format" | "precision">): ManifestFile => {
    writeFileSync(path.join(folder, name), content);
    return { path: name, bytes: content.length, sha256: createHash("sha256").update(content).digest("hex"), ...more };
  };
  const manifest: Manifest = {
    ...{ format: 1, version: "0.1.0", task, labels: [...labels], outputs, calibration },
    ...(seen && {
      seen: {
        ...{ kind: seen, frames, precisions: ["float32"] },
        ...(seen === "attention" ? { rows: 1, outputs: 1 } : { rows, outputs: count }),
      },
    }),
    run: {
      id: "made-up-run",
      experiment: "made-up/tiny",
      row: "mean of the input",
      signature: "0",
      codeRevision: "abc",
    },
    input: {
      ...{ shape, sampleRateHz: way.frontEnd.sampleRateHz, recipe },
      ...(way.parameters !== undefined && { parameters: way.parameters }),
      digest: createHash("sha256").update(way.digest).digest("hex").slice(0, 32),
    },
    card: {
      ...{
        data: "made-up sounds (nothing was learned)",
        madeUp: true,
        protocol: "honest",
        reduced: "no training",
        leaks: [],
      },
      scores: { test: { score: 0.5, low: 0.4, high: 0.6, se: 0.45, sp: 0.55, auc: 0.5 } },
    },
    files: [
      write(
        "model.onnx",
        tinyNetwork(shape, weights, biases, "float32", { ...(seen && { seen }), ...(slow !== undefined && { slow }) }),
        {
          format: "onnx",
          precision: "float32",
        },
      ),
      write("model-int8.onnx", tinyNetwork(shape, weights, biases, "int8"), { format: "onnx", precision: "int8" }),
      write("card.md", new TextEncoder().encode("# A made-up model\n"), { format: "card" }),
    ],
  };
  writeFileSync(path.join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

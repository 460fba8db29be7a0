/**
 * An ONNX file of one dense layer over the flattened input, made here so that no test carries a network: the messages of onnx.proto3
 * (github.com/onnx/onnx, IR version 8, opset 17), written by hand.
 *
 * @param kernel [values of a map, outputs], row-major
 * @param shape of a map; the batch is free
 * @param shows a second output, `seen`: the input, and along its last axis the input with the other sign
 */
export function denseOnnx(
  kernel: Float32Array,
  bias: Float32Array,
  shape: readonly number[],
  shows = false,
): Uint8Array {
  const outputs = bias.length;
  const graph = [
    node("Flatten", ["input"], "flat"),
    node("Gemm", ["flat", "kernel", "bias"], "logits"),
    ...(shows ? [node("Neg", ["input"], "negated"), node("Concat", ["input", "negated"], "seen", LAST_AXIS)] : []),
    text(2, "dense"),
    tensor("kernel", [kernel.length / outputs, outputs], kernel),
    tensor("bias", [outputs], bias),
    bytes(11, value("input", ["batch", ...shape])),
    bytes(12, value("logits", ["batch", outputs])),
    ...(shows ? [bytes(12, value("seen", ["batch", ...shape.slice(0, -1), 2 * shape.at(-1)!]))] : []),
  ];
  const opset = bytes(8, join([text(1, ""), number(2, 17)]));
  return join([number(1, 8), bytes(7, join(graph)), opset]);
}

const FLOAT = 1;
/** The attribute axis = 3, a whole number. */
const LAST_AXIS = join([text(1, "axis"), number(3, 3), number(20, 2)]);

function node(op: string, inputs: readonly string[], output: string, ...attributes: Uint8Array[]): Uint8Array {
  const names = [...inputs.map((input) => text(1, input)), text(2, output), text(3, output), text(4, op)];
  return bytes(1, join([...names, ...attributes.map((attribute) => bytes(5, attribute))]));
}

function tensor(name: string, shape: readonly number[], values: Float32Array): Uint8Array {
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return bytes(5, join([...shape.map((size) => number(1, size)), number(2, FLOAT), text(8, name), bytes(9, raw)]));
}

function value(name: string, shape: readonly (number | string)[]): Uint8Array {
  const sides = shape.map((side) => bytes(1, typeof side === "number" ? number(1, side) : text(2, side)));
  const type = bytes(1, join([number(1, FLOAT), bytes(2, join(sides))]));
  return join([text(1, name), bytes(2, type)]);
}

/** A protocol buffer's field of bytes. */
function bytes(field: number, content: Uint8Array): Uint8Array {
  return join([varint(field * 8 + 2), varint(content.length), content]);
}

function text(field: number, content: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(content));
}

function number(field: number, content: number): Uint8Array {
  return join([varint(field * 8), varint(content)]);
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) + 128);
  return Uint8Array.from([...out, value]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

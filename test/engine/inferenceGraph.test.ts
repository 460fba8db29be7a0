import { afterEach, beforeEach, expect, test } from "vitest";
import type { GraphOperation } from "../../src/engine/freeBatchWriter.js";
import { type InferenceGraph, inferenceGraph } from "../../src/engine/inferenceGraph.js";
import { Gru } from "../../src/nn/layers/gru.js";
import { Linear } from "../../src/nn/layers/linear.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

type Tensor = TensorFlow.Tensor;

let before = 0;
beforeEach(() => {
  before = tf.memory().numTensors;
});
afterEach(() => {
  tf.disposeVariables();
  expect(tf.memory().numTensors).toBe(before);
});

const operation = ({ nodes }: InferenceGraph, name: string): GraphOperation =>
  nodes.find((node) => node.name === name.split(":")[0])!;

const only = ({ nodes }: InferenceGraph, op: string): GraphOperation => {
  const found = nodes.filter((node) => node.op === op);
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** What a whole-number endpoint is for one batch: the graph's constants, products and sums, computed here. */
function wholeNumbers(graph: InferenceGraph, endpoint: string, batch: number): number[] {
  const { op, inputs, value } = operation(graph, endpoint);
  if (value) return [...(value.values as Int32Array)];
  if (op === "StridedSlice") {
    expect(operation(graph, inputs[0]!)).toMatchObject({ op: "Shape", inputs: ["input:0"] });
    return [batch];
  }
  const [x, y] = inputs.map((input) => wholeNumbers(graph, input, batch)) as [number[], number[]];
  const combine = { Mul: (a: number, b: number) => a * b, AddV2: (a: number, b: number) => a + b }[op]!;
  return x.map((one, i) => combine(one, y[i] ?? y[0]!));
}

test("every operation stands behind its inputs; weights are copies with their values", () => {
  const weight = tf.tidy(() => tf.variable(tf.tensor2d([1, 2, 3, 4, 5, 6], [3, 2]), false));
  const graph = inferenceGraph((x) => tf.relu(tf.matMul(x as TensorFlow.Tensor2D, weight)), [3]);
  const known = new Set<string>();
  for (const { name, inputs } of graph.nodes) {
    for (const input of inputs) expect(known).toContain(input.split(":")[0]);
    known.add(name);
  }
  expect(graph.nodes[0]).toMatchObject({ name: "input", op: "Placeholder" });
  expect(graph.nodes[0]!.attributes).toContainEqual({ name: "shape", kind: "shape", value: [-1, 3] });
  expect(graph.outputs).toEqual(["logits"]);
  expect(operation(graph, "logits").op).toBe("Identity");
  expect([...graph.weights.values()]).toEqual([
    { dtype: "F32", shape: [3, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  ]);
  expect([...graph.weights.keys()].map((name) => operation(graph, name).op)).toEqual(["Placeholder"]);
  weight.dispose();
});

test("a reshape to [4 batch, 3] leaves that side open, and one with -1 of its own gets the side it stood for", () => {
  const graph = inferenceGraph((x) => tf.reshape(x, [4 * x.shape[0]!, 3]), [4, 3]);
  const { inputs } = only(graph, "Reshape");
  expect([...(operation(graph, inputs[1]!).value!.values as Int32Array)]).toEqual([-1, 3]);
  const other = inferenceGraph((x) => tf.reshape(x, [x.shape[0]!, 2, -1]), [4, 3]);
  const shape = operation(other, only(other, "Reshape").inputs[1]!);
  expect([...(shape.value!.values as Int32Array)]).toEqual([-1, 2, 6]);
});

test.each([1, 7, 30])("two open sides, zeros of the batch and its slices are computed from the batch: %i", (batch) => {
  const graph = inferenceGraph(
    (x) => {
      const [items] = x.shape as [number];
      const zeros = tf.zeros([2, items, 5]); // Fill
      const turned = tf.reshape(zeros, [items, 2, 5]);
      return tf.add(tf.sum(turned, [1, 2]), tf.sum(tf.slice(x, [0, 1], [items, 2]), 1));
    },
    [4],
  );
  expect(wholeNumbers(graph, only(graph, "Fill").inputs[0]!, batch)).toEqual([2, batch, 5]);
  expect(wholeNumbers(graph, only(graph, "Slice").inputs[2]!, batch)).toEqual([batch, 2]);
  const twice = inferenceGraph(
    (x) => {
      const [items] = x.shape as [number];
      return tf.mean(tf.reshape(tf.matMul(x, x, false, true), [1, items, items]), 1);
    },
    [4],
  );
  expect(wholeNumbers(twice, only(twice, "Reshape").inputs[1]!, batch)).toEqual([1, batch, batch]);
});

test("several results: an operation of its name for each, and ones in a gradient's shape stay open", () => {
  const graph = inferenceGraph(
    (x) => ({
      logits: tf.mean(x, 1),
      slope: tf.grad((map: Tensor) => tf.mean(tf.square(map), [1, 2]))(x, tf.tile(tf.ones([1]), [x.shape[0]!])),
    }),
    [5, 4],
  );
  expect(graph.outputs).toEqual(["logits", "slope"]);
  for (const name of graph.outputs) expect(operation(graph, name).op).toBe("Identity");
  for (const batch of [1, 12]) {
    expect(wholeNumbers(graph, only(graph, "Fill").inputs[0]!, batch)).toEqual([batch, 5, 4]);
    expect(wholeNumbers(graph, only(graph, "Tile").inputs[1]!, batch)).toEqual([batch]);
  }
});

test("what is another pass for another batch is refused", () => {
  const byItem = (x: Tensor) => tf.addN(Array.from({ length: x.shape[0]! % 7 }, (_, i) => tf.mul(x, i + 2)));
  expect(() => inferenceGraph(byItem, [3])).toThrow(/another for another size of the batch at/);
  const share = (x: Tensor) => tf.mul(x, 1 / x.shape[0]!);
  expect(() => inferenceGraph(share, [3])).toThrow(/another for another size of the batch at a constant/);
  const squared = (x: Tensor) => tf.reshape(tf.zeros([x.shape[0]! * x.shape[0]!]), [x.shape[0]!, x.shape[0]!]);
  expect(() => inferenceGraph(squared, [3])).toThrow(/another for another size of the batch/);
  const read = (x: Tensor) => tf.mul(x, tf.max(x).dataSync()[0]!);
  expect(() => inferenceGraph(read, [3])).toThrow(/reads the result of tf.max/);
});

test("says which parts other formats have one operation for, with what they take and give", () => {
  const [layer, after] = [new Gru({ units: 2, name: "gru" }), new Linear({ units: 1, name: "after" })];
  layer.build([null, 5, 3]);
  after.build([null, 5, 2]);
  const graph = inferenceGraph((x) => after.apply(layer.apply(x)) as Tensor, [5, 3]);
  const [whole] = graph.whole;
  expect(graph.whole).toHaveLength(1);
  expect(whole).toMatchObject({ kind: "GRU", settings: { units: 2, bidirectional: false, steps: "all" } });
  expect(whole!.inputs.x).toBe("input:0");
  const { x: _, ...weights } = whole!.inputs;
  for (const [name, endpoint] of Object.entries(weights)) {
    const weight = layer.weights.find((one) => one.name.split("/").at(-1) === name)!;
    expect(graph.weights.get(endpoint.slice(0, -2))!.shape).toEqual(weight.shape);
  }
  expect(Object.keys(weights)).toHaveLength(4);
  // What it gives is what the next layer takes.
  const reads = (name: string) => graph.nodes.filter(({ inputs }) => inputs.includes(name));
  expect(reads(whole!.output).length).toBeGreaterThan(0);
  const steps = graph.nodes.findIndex(({ name }) => `${name}:0` === whole!.output);
  expect(graph.nodes.slice(0, steps).filter(({ op }) => op === "Tanh")).toHaveLength(5);
  tf.dispose([...layer.weights, ...after.weights].map((weight) => (weight as TensorFlow.LayerVariable).read()));
});

import type { ConstantRequest, NodeRequest } from "./graphBuilder.js";
import { nodeName } from "./graphBuilder.js";
import { type DataId, type GraphNode, nativeBackend, type OpAttribute, type Values } from "./nativeBackend.js";
import type { WholeOperation } from "./recording.js";

export interface GraphOperation {
  name: string;
  op: string;
  /** Each `operation:output`. */
  inputs: readonly string[];
  attributes: readonly GraphAttribute[];
  /** Of its results, by the numbers of TensorFlow's types: what an attribute that is left out follows from. */
  types: readonly number[];
  /** Of a `Const`: its values, with the number of TensorFlow's type. */
  value?: { dtype: number; shape: readonly number[]; values: Values };
}

export interface GraphAttribute {
  name: string;
  kind: "string" | "int" | "float" | "bool" | "type" | "shape";
  /** A list where the attribute is one; a shape is a list always. */
  value: unknown;
}

/** Name of the operation that is fed. */
export const INPUT = "input";
/** Name of the operation that answers, of a pass with one result. */
export const OUTPUT = "logits";

/** What one trace asked for at one place. */
export type Kept = { request: NodeRequest; constant?: undefined } | { constant: ConstantRequest; request?: undefined };

/** One trace: what was asked for, with the endpoints that each gave. */
export interface Trace {
  batch: number;
  kept: { what: Kept; node: GraphNode }[];
  captured: Map<DataId, number>;
  /** By the name of the operation that answers. */
  outputs: ReadonlyMap<string, number>;
  whole: readonly WholeOperation[];
}

/**
 * Puts the operations of several traces down as one graph, with names for the endpoints that a trace knows by number. Whole numbers that differ
 * between the traces become what the graph computes from its batch.
 */
export class FreeBatchWriter {
  readonly nodes: GraphOperation[] = [];
  private readonly names = new Map<number, string>();
  /** Constants that grow with the batch: a + b * batch. */
  private readonly growing = new Map<number, { start: Int32Array; perItem: Int32Array; shape: number[] }>();
  private batch: string | undefined;

  add(operation: Omit<GraphOperation, "types">, node: GraphNode): void {
    this.nodes.push({ ...operation, types: node.outputs.map(({ dtype }) => dtype) });
    for (const [i, { id }] of node.outputs.entries()) this.names.set(id, `${operation.name}:${i}`);
  }

  constant(name: string, node: GraphNode, all: readonly ConstantRequest[], traces: readonly Trace[]): void {
    const [{ dtype, shape, values }] = all as [ConstantRequest];
    const endpoint = node.outputs[0]!.id;
    if (all.every((one) => sameBytes(one.values, values))) {
      this.add({ name, op: "Const", inputs: [], attributes: [], value: { dtype, shape, values } }, node);
      return;
    }
    const line = lineThrough(
      all.map((one) => one.values),
      traces.map(({ batch }) => batch),
    );
    if (!line) throw dependsOnBatch({ constant: all[0]! });
    this.growing.set(endpoint, { ...line, shape });
    this.names.set(endpoint, `${name}:0`);
  }

  /** @param nodes of every trace */
  operation(
    name: string,
    { op, attributes, inputs }: NodeRequest,
    nodes: readonly GraphNode[],
    traces: readonly Trace[],
  ): void {
    const named = inputs.map((endpoint, i) => {
      const grows = this.growing.get(endpoint);
      if (!grows) return this.names.get(endpoint)!;
      const open = op === "Reshape" && i === 1 ? openShape(nodes, traces) : undefined;
      if (!open) return this.fromBatch(endpoint, grows);
      this.put(`${name}/shape`, open, [open.length]);
      return `${name}/shape:0`;
    });
    this.add({ name, op, inputs: named, attributes: attributes.map(graphAttribute) }, nodes[0]!);
  }

  /** `operation:output` of an endpoint. */
  nameOf(endpoint: number): string {
    const name = this.names.get(endpoint);
    if (name === undefined) throw new Error("a tensor of the forward pass has no name: it depends on the batch");
    return name;
  }

  /** An operation that answers has a name of its own. */
  answer(name: string, endpoint: number): void {
    const { TF_FLOAT } = nativeBackend().binding;
    const attributes: GraphAttribute[] = [{ name: "T", kind: "type", value: TF_FLOAT }];
    this.made(name, "Identity", [this.names.get(endpoint)!], attributes, TF_FLOAT);
  }

  /** a + b * batch. */
  private fromBatch(endpoint: number, grows: { start: Int32Array; perItem: Int32Array; shape: number[] }): string {
    const name = this.names.get(endpoint)!.slice(0, -2);
    if (this.nodes.some((node) => node.name === name)) return `${name}:0`;
    const { binding } = nativeBackend();
    const int32: GraphAttribute[] = [{ name: "T", kind: "type", value: binding.TF_INT32 }];
    this.put(`${name}/perItem`, grows.perItem, grows.shape);
    this.put(`${name}/start`, grows.start, grows.shape);
    const product = [`${name}/perItem:0`, this.batchSize()];
    this.made(`${name}/product`, "Mul", product, int32);
    this.made(name, "AddV2", [`${name}/product:0`, `${name}/start:0`], int32);
    return `${name}:0`;
  }

  /** A scalar. */
  private batchSize(): string {
    if (this.batch) return this.batch;
    const { TF_FLOAT, TF_INT32 } = nativeBackend().binding;
    const type = (name: string, value: number): GraphAttribute => ({ name, kind: "type", value });
    const int = (name: string, value: number): GraphAttribute => ({ name, kind: "int", value });
    this.made("batch/shape", "Shape", [`${INPUT}:0`], [type("T", TF_FLOAT), type("out_type", TF_INT32)]);
    for (const [name, value] of [["from", 0], ["to", 1], ["step", 1]] as const) this.put(`batch/${name}`, Int32Array.of(value), [1]); // biome-ignore format: one line
    const masks = ["begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask"].map((name) => int(name, 0));
    const slice = ["batch/shape:0", "batch/from:0", "batch/to:0", "batch/step:0"];
    const attributes = [type("T", TF_INT32), type("Index", TF_INT32), ...masks, int("shrink_axis_mask", 1)];
    this.made("batch", "StridedSlice", slice, attributes);
    this.batch = "batch:0";
    return this.batch;
  }

  private put(name: string, values: Int32Array, shape: readonly number[]): void {
    const dtype = nativeBackend().binding.TF_INT32;
    this.nodes.push({ name, op: "Const", inputs: [], attributes: [], types: [dtype], value: { dtype, shape, values } });
  }

  /** An operation that the trace did not have. */
  private made(
    name: string,
    op: string,
    inputs: readonly string[],
    attributes: readonly GraphAttribute[],
    type = nativeBackend().binding.TF_INT32,
  ): void {
    this.nodes.push({ name, op, inputs, attributes, types: [type] });
  }
}

/** The shape of a reshape's result with -1 for the one side that grows, so that converters know the others; undefined where several do. */
function openShape(nodes: readonly GraphNode[], traces: readonly Trace[]): Int32Array | undefined {
  const shapes = nodes.map((node) => Int32Array.from(node.outputs[0]!.shape ?? []));
  const line = lineThrough(
    shapes,
    traces.map(({ batch }) => batch),
  );
  if (!line?.perItem.length || line.perItem.filter((value) => value !== 0).length !== 1) return undefined;
  return line.start.map((value, i) => (line.perItem[i] === 0 ? value : -1));
}

/** a and b of whole numbers a + b * batch; undefined where they are no such. */
function lineThrough(
  all: readonly Values[],
  batches: readonly number[],
): { start: Int32Array; perItem: Int32Array } | undefined {
  if (!all.every((values): values is Int32Array => values instanceof Int32Array)) return undefined;
  const [x, y] = all as [Int32Array, Int32Array];
  const [p, q] = batches as [number, number];
  const perItem = x.map((value, i) => (y[i]! - value) / (q - p));
  const start = x.map((value, i) => value - perItem[i]! * p);
  const fits = all.every((values, k) => values.every((value, i) => value === start[i]! + perItem[i]! * batches[k]!));
  return fits ? { start, perItem } : undefined;
}

/** Whether two traces did the same, but for numbers in constants. */
export function isAlike(one: Kept, other: Kept): boolean {
  if (one.constant && other.constant) {
    const { dtype, shape } = one.constant;
    return dtype === other.constant.dtype && shape.join() === other.constant.shape.join();
  }
  if (!one.request || !other.request) return false;
  const text = ({ op, attributes, inputs, controls, note = "" }: NodeRequest) =>
    `${op}|${inputs}|${controls}|${note}|${op === "Placeholder" ? "" : attributes.map(({ name, value }) => `${name}=${value}`)}`;
  return text(one.request) === text(other.request);
}

function sameBytes(one: Values, other: Values): boolean {
  const list = (values: Values) => (Array.isArray(values) ? values : [values]);
  const bytes = (values: Values) =>
    Buffer.concat(list(values).map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength)));
  return bytes(one).equals(bytes(other));
}

function graphAttribute({ name, type, value }: OpAttribute): GraphAttribute {
  const binding = nativeBackend().binding as unknown as Record<string, number>;
  const kinds = ["string", "int", "float", "bool", "type", "shape"] as const;
  const kind = kinds.find((one) => binding[`TF_ATTR_${one.toUpperCase()}`] === type);
  if (!kind) throw new Error(`the attribute ${name} is of a type that an inference graph does not know`);
  return { name, kind, value };
}

export function dependsOnBatch(what?: Kept): Error {
  const where = what ? ` at ${what.request ? nodeName(what.request) : `a constant of ${what.constant!.scope}`}` : "";
  return new Error(
    `the forward pass is another for another size of the batch${where}: it has no graph whose batch axis is free`,
  );
}

import {
  type Graph,
  type GraphNode,
  nativeBackend,
  type OpAttribute,
  shapeAttribute,
  typeAttribute,
  type Values,
} from "./nativeBackend.js";

/** One node as it was traced. Endpoints and operations are the graph's own numbers. */
export interface NodeRequest {
  op: string;
  /** What the user called, such as "mul"; for messages. */
  scope: string;
  attributes: OpAttribute[];
  inputs: number[];
  controls: number[];
  /** Tells apart what looks the same to TensorFlow: which variable, which tensor from outside. */
  note?: string;
  /** Stated where TensorFlow cannot infer it: the shape of the only output. */
  shape?: number[];
}

export interface ConstantRequest {
  scope: string;
  dtype: number;
  shape: number[];
  values: Values;
}

export interface TracedNode {
  op: string;
  scope: string;
  /** Equal for equal nodes. */
  key: string;
  /** The value, where it is short enough to be told. */
  value?: string;
  node: GraphNode;
}

/** Where a trace puts its nodes. */
export interface NodeSink {
  readonly nodes: readonly TracedNode[];
  op(request: NodeRequest): GraphNode;
  constant(request: ConstantRequest): GraphNode;
}

/** Builds a TensorFlow graph, and keeps a list of what it was asked for. */
export class GraphBuilder implements NodeSink {
  readonly nodes: TracedNode[] = [];
  private readonly graph: Graph = nativeBackend().binding.graphBegin();

  op(request: NodeRequest): GraphNode {
    const { op, scope, attributes, inputs, controls, shape } = request;
    const { binding } = nativeBackend();
    const node = binding.graphOp(this.graph, op, label(scope, op), attributes, inputs, controls);
    if (shape) {
      binding.graphSetShape(this.graph, node.outputs[0]!.id, shape);
      node.outputs[0]!.shape = shape;
    }
    this.nodes.push({ op, scope, key: opKey(request), node });
    return node;
  }

  constant(request: ConstantRequest): GraphNode {
    const { scope, dtype, shape, values } = request;
    const node = nativeBackend().binding.graphConstant(this.graph, label(scope, "Const"), dtype, shape, values);
    this.nodes.push({ op: "Const", scope, key: constantKey(request), value: short(values), node });
    return node;
  }

  /** Registers the graph as a function that TensorFlow can call; `leftOut` are operations that are no part of it. */
  toFunction(name: string, inputs: number[], outputs: number[], controls: number[], leftOut: number[]): void {
    nativeBackend().binding.functionAdd(this.graph, name, inputs, outputs, controls, leftOut);
  }

  end(): void {
    nativeBackend().binding.graphEnd(this.graph);
  }
}

/** What the user would call it by: "tf.mul (Mul)". */
export function nodeName({ op, scope }: { op: string; scope: string }): string {
  return scope === "" ? op : `tf.${scope} (${op})`;
}

export function opKey({ op, attributes, inputs, controls, note = "" }: NodeRequest): string {
  return `${op}|${inputs}|${controls}|${note}|${attributes.map(({ name, value }) => `${name}=${value}`)}`;
}

export function constantKey({ dtype, shape, values }: ConstantRequest): string {
  const parts = Array.isArray(values) ? values : [values];
  const bytes = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("latin1"));
  return `Const|${dtype}|${shape}|${bytes.map((text) => `${text.length}:${text}`).join("")}`;
}

export function short(values: Values): string {
  if (Array.isArray(values)) return `${values.length} strings`;
  return values.length === 1
    ? String(values[0])
    : `[${[...values.subarray(0, 4)].join(", ")}${values.length > 4 ? ", ..." : ""}]`;
}

function label(scope: string, op: string): string {
  return `${scope === "" ? "step" : scope.replace(/[^A-Za-z0-9_]/g, "_")}/${op}`.replace(/^_/, "x_");
}

/** A placeholder's attributes. */
export function placeholderAttributes(dtype: number, shape: number[]): OpAttribute[] {
  return [typeAttribute("dtype", dtype), shapeAttribute("shape", shape)];
}

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

/**
 * Compares a second trace with the first, node by node, and answers as the first was answered. What differs from one call of a step
 * to the next comes from JavaScript, and would be frozen in the graph.
 */
export class TraceComparison implements NodeSink {
  readonly nodes: TracedNode[] = [];

  constructor(
    private readonly first: readonly TracedNode[],
    private readonly step: string,
  ) {}

  op(request: NodeRequest): GraphNode {
    return this.next({ op: request.op, scope: request.scope, key: opKey(request) });
  }

  constant(request: ConstantRequest): GraphNode {
    const value = short(request.values);
    return this.next({ op: "Const", scope: request.scope, key: constantKey(request), value });
  }

  /** Throws where the first trace went on. */
  end(): void {
    const missing = this.first[this.nodes.length];
    if (missing) this.differs(`ends before ${nodeName(missing)}`);
  }

  private next(found: Omit<TracedNode, "node">): GraphNode {
    const expected = this.first[this.nodes.length];
    if (!expected) this.differs(`goes on with ${nodeName(found)} where the first ended`);
    if (expected.key !== found.key) this.differs(difference(expected, found));
    this.nodes.push(expected);
    return expected.node;
  }

  private differs(how: string): never {
    throw new Error(
      `${this.step} is not the same from call to call: traced a second time, it ${how}. What JavaScript computes is fixed when the ` +
        "step is traced: pass what changes (a learning rate, a counter, a mask) as an input tensor, and what is made once, make before.",
    );
  }
}

/** What the user would call it by: "tf.mul (Mul)". */
export function nodeName({ op, scope }: { op: string; scope: string }): string {
  return scope === "" ? op : `tf.${scope} (${op})`;
}

function difference(first: TracedNode, second: Omit<TracedNode, "node">): string {
  if (first.op === "Const" && second.op === "Const") {
    const where = second.scope === "" ? "a constant" : `a constant of tf.${second.scope}`;
    if (first.value !== second.value) return `has ${second.value} where the first had ${first.value} (${where})`;
    return `has another value, shape or type in ${where}`;
  }
  if (first.op !== second.op || first.scope !== second.scope) {
    return `comes to ${nodeName(second)} where the first came to ${nodeName(first)}`;
  }
  return `gives ${nodeName(second)} other inputs or attributes`;
}

function opKey({ op, attributes, inputs, controls, note = "" }: NodeRequest): string {
  return `${op}|${inputs}|${controls}|${note}|${attributes.map(({ name, value }) => `${name}=${value}`)}`;
}

export function constantKey({ dtype, shape, values }: ConstantRequest): string {
  const parts = Array.isArray(values) ? values : [values];
  const bytes = parts.map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("latin1"));
  return `Const|${dtype}|${shape}|${bytes.map((text) => `${text.length}:${text}`).join("")}`;
}

function short(values: Values): string {
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

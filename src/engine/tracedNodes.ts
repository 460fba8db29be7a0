import { constantKey, type NodeRequest, type NodeSink, nodeName, placeholderAttributes } from "./graphBuilder.js";
import { type GraphNode, nativeBackend, typeAttribute, type Values } from "./nativeBackend.js";
import { opAtWork, within } from "./scopes.js";

/** Constants above this size are data, and belong into inputs or variables. */
const LARGEST_CONSTANT_BYTES = 65_536;

/** The nodes of a trace, and what is known of each endpoint. */
export class TracedNodes {
  private readonly constants = new Map<string, number>();
  private readonly operations = new Map<number, number>();
  private readonly producers = new Map<number, { op: string; scope: string }>();
  /** Operations that the function may be fed with: nothing can wait for them. */
  private readonly feeds = new Set<number>();

  constructor(
    private readonly sink: NodeSink,
    /** Names the step in messages. */
    readonly step: string,
  ) {}

  add(request: Partial<NodeRequest> & { op: string }): GraphNode {
    const whole = { scope: "", attributes: [], inputs: [], controls: [], ...request };
    return this.noted(this.sink.op(whole), whole);
  }

  /** The endpoint of a value that the function is given; `note` says which. */
  feed(dtype: number, shape: number[], note: string): number {
    const node = this.add({ op: "Placeholder", attributes: placeholderAttributes(dtype, shape), note });
    this.feeds.add(node.operation);
    return node.outputs[0]!.id;
  }

  /** Says that a function may be fed with an operation's only result, instead of running it. */
  mayBeFed(operation: number): void {
    this.feeds.add(operation);
  }

  operationOf(endpoint: number): number {
    return this.operations.get(endpoint)!;
  }

  /** What the function computes, of what these endpoints need: operations that others may wait for. */
  computed(endpoints: readonly number[]): number[] {
    return endpoints.map((endpoint) => this.operationOf(endpoint)).filter((operation) => !this.feeds.has(operation));
  }

  /** What an endpoint is, in words. */
  nameOf(endpoint: number): string {
    const made = this.producers.get(endpoint)!;
    return made.op === "Placeholder" ? "an input" : `the result of ${nodeName(made)}`;
  }

  /** The endpoint of a constant. Many equal values are one value and the shape. */
  constant(shape: number[], dtype: number, values: Values): number {
    const scope = opAtWork();
    if (!Array.isArray(values) && values.length > 16 && allEqual(values)) {
      const dims = this.constant([shape.length], nativeBackend().binding.TF_INT32, Int32Array.from(shape));
      const value = this.constant([], dtype, values.slice(0, 1));
      const types = [typeAttribute("T", dtype), typeAttribute("index_type", nativeBackend().binding.TF_INT32)];
      return this.add({ op: "Fill", scope, attributes: types, inputs: [dims, value] }).outputs[0]!.id;
    }
    const bytes = Array.isArray(values) ? values.reduce((sum, text) => sum + text.length, 0) : values.byteLength;
    if (bytes > LARGEST_CONSTANT_BYTES) {
      throw new Error(
        `${this.step} makes a constant of ${bytes} bytes, shape [${shape}], from values of JavaScript${within()}. It would be ` +
          "the same in every step: pass data as an input tensor, keep a table in a tensor made outside.",
      );
    }
    const request = { scope, dtype, shape, values };
    const key = bytes <= 256 ? constantKey(request) : "";
    const known = key === "" ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const endpoint = this.noted(this.sink.constant(request), { op: "Const", scope }).outputs[0]!.id;
    if (key !== "") this.constants.set(key, endpoint);
    return endpoint;
  }

  private noted(node: GraphNode, { op, scope }: { op: string; scope: string }): GraphNode {
    for (const { id } of node.outputs) {
      this.operations.set(id, node.operation);
      this.producers.set(id, { op, scope });
    }
    return node;
  }
}

/** Bit for bit: 0 and -0 differ, NaN equals itself. */
function allEqual(values: Float32Array | Int32Array | Uint8Array): boolean {
  const bits =
    values instanceof Float32Array ? new Int32Array(values.buffer, values.byteOffset, values.length) : values;
  for (let i = 1; i < bits.length; i++) if (bits[i] !== bits[0]) return false;
  return true;
}

import {
  type ConstantRequest,
  constantKey,
  type NodeRequest,
  type NodeSink,
  nodeName,
  opKey,
  short,
  type TracedNode,
} from "./graphBuilder.js";
import type { GraphNode } from "./nativeBackend.js";

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

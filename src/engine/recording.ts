import { type NodeSink, nodeName } from "./graphBuilder.js";
import { type DataId, nativeBackend, type OpAttribute, type OutputInfo } from "./nativeBackend.js";
import { opAtWork } from "./scopes.js";
import { TracedNodes } from "./tracedNodes.js";
import { TracedVariables } from "./tracedVariables.js";
import { unknownShape } from "./unknownShape.js";

/** Numbers from here on are endpoints of the graph under construction, below are tensors of the addon. */
export const SYMBOLIC = 2 ** 30;

/**
 * A part of a forward pass which other formats have one operation for, while a graph holds it step by step. Endpoints are those of the trace.
 */
export interface WholeOperation {
  /** Such as "GRU". */
  kind: string;
  /** What it is computed from, by name, weights among them. */
  inputs: Readonly<Record<string, number>>;
  output: number;
  settings: Readonly<Record<string, number | boolean | string>>;
}

/** What a step's tensors are in the graph, while the step is traced. */
export class Recording {
  readonly nodes: TracedNodes;
  readonly variables: TracedVariables;
  /** Tensors from outside that the step uses, with the endpoints that stand for them. */
  readonly captured = new Map<DataId, number>();
  /** What `noteWholeOperation` is told; there where whoever traces wants it. */
  wholeOperations: WholeOperation[] | undefined;
  private readonly madeHere = new WeakSet<DataId>();

  constructor(
    sink: NodeSink,
    /** Names the step in messages. */
    readonly step: string,
  ) {
    this.nodes = new TracedNodes(sink, step);
    this.variables = new TracedVariables(this.nodes, (tensor) => this.endpointOf(tensor));
  }

  /** Told of every tensor that is made from values of JavaScript during the trace. */
  noteMade(dataId: DataId): void {
    this.madeHere.add(dataId);
  }

  /** The endpoint of a tensor's value. */
  endpointOf({ dataId }: { dataId: DataId }): number {
    const value = this.variables.valueOf(dataId);
    if (value !== undefined) return value;
    const { tensorMap } = nativeBackend();
    if (!tensorMap.has(dataId)) throw new Error(`${this.step} uses a tensor that was disposed`);
    const record = tensorMap.get(dataId);
    if (record.id >= SYMBOLIC) return record.id - SYMBOLIC;
    if (!this.madeHere.has(dataId)) return this.capture(dataId, record.dtype, record.shape);
    const endpoint = this.nodes.constant(record.shape, record.dtype, record.values!);
    record.id = endpoint + SYMBOLIC;
    return endpoint;
  }

  /** What a tensor of the trace is, in words; undefined where it stands for values that exist. */
  nameOf(dataId: DataId): string | undefined {
    const variable = this.variables.variableOf(dataId);
    if (variable) return `the variable ${variable.name}`;
    const { tensorMap } = nativeBackend();
    const record = tensorMap.has(dataId) ? tensorMap.get(dataId) : undefined;
    if (!record || record.id < SYMBOLIC || record.values !== null) return undefined;
    return this.nodes.nameOf(record.id - SYMBOLIC);
  }

  /** One operation of tfjs's: a node. */
  execute(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): OutputInfo[] {
    const scope = opAtWork();
    if (outputs === 0) throw new Error(`${this.step} runs ${op}, which has no result: do it outside of the step`);
    const node = this.nodes.add({ op, scope, attributes, inputs });
    return node.outputs.slice(0, outputs).map(({ id, dtype, shape }, i) => {
      const what = `${this.step}: the shape of result ${i} of ${nodeName({ op, scope })}`;
      const known = shape?.every((size) => size >= 0);
      return { id: id + SYMBOLIC, dtype, shape: known ? shape : unknownShape(shape, what) };
    });
  }

  private capture(dataId: DataId, dtype: number, shape: number[]): number {
    const known = this.captured.get(dataId);
    if (known !== undefined) return known;
    const endpoint = this.nodes.feed(dtype, shape, `outside ${numberOf(dataId)}`);
    this.captured.set(dataId, endpoint);
    return endpoint;
  }
}

const numbers = new WeakMap<DataId, number>();
let lastNumber = 0;

/** A number by which one tensor's data is known, as long as it lives. */
function numberOf(dataId: DataId): number {
  let number = numbers.get(dataId);
  if (number === undefined) {
    number = ++lastNumber;
    numbers.set(dataId, number);
  }
  return number;
}

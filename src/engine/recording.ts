import type { TensorFlow } from "../tensorflow.js";
import { constantKey, type NodeSink, nodeName, placeholderAttributes } from "./graphBuilder.js";
import {
  type DataId,
  type GraphNode,
  nativeBackend,
  type OpAttribute,
  type OutputInfo,
  tfjsEngine,
  typeAttribute,
  type Values,
} from "./nativeBackend.js";
import { unknownShape } from "./unknownShape.js";

/** Numbers from here on are endpoints of the graph under construction, below are tensors of the addon. */
export const SYMBOLIC = 2 ** 30;

/** Constants above this size are data, and belong into inputs or variables. */
export const LARGEST_CONSTANT_BYTES = 65_536;

/** One value that a variable has during a step; the endpoint is made when it is first asked for. */
interface Slot {
  state: VariableState;
  endpoint?: number;
}

interface VariableState {
  variable: TensorFlow.Variable;
  dtype: number;
  /** The stand-in of its value of now, unless it was assigned another tensor. */
  own: DataId;
  slot: Slot | undefined;
  /** Endpoint of the resource handle, once there is one. */
  handle?: number;
  /** Operations that read since the last update; the next one waits for them. */
  reads: number[];
  lastUpdate?: number;
  firstRead?: number;
}

interface Update {
  op: string;
  scope: string;
  attributes: OpAttribute[];
  states: VariableState[];
  inputs: number[];
}

/** A variable's part in a finished function. */
export interface UsedVariable {
  variable: TensorFlow.Variable;
  /** The endpoint to feed: its resource handle where the step updates it, else its value. */
  endpoint: number;
  /** Of its handle. */
  operation: number;
}

/** What a step's tensors, constants and variables are in the graph, while the step is traced. */
export class Recording {
  /** Tensors from outside that the step uses, with the endpoints that stand for them. */
  readonly captured = new Map<DataId, number>();
  private readonly slots = new Map<DataId, Slot>();
  private readonly states = new Map<TensorFlow.Variable, VariableState>();
  private readonly madeHere = new WeakSet<DataId>();
  private readonly constants = new Map<string, number>();
  private readonly operationOf = new Map<number, number>();
  private readonly producer = new Map<number, { op: string; scope: string }>();
  /** Operations that the function may be fed with: nothing can wait for them. */
  private readonly feeds = new Set<number>();
  private pending: Update[] = [];
  private readonly updates: number[] = [];

  constructor(
    readonly sink: NodeSink,
    readonly step: string,
  ) {}

  // ---- what the step is called in ------------------------------------------------------------------

  /** The tfjs operation at work, the innermost: "randomUniform" within tf.dropout. "" outside of any. */
  scope(): string {
    return opsAtWork().at(-1) ?? "";
  }

  // ---- tensors ----------------------------------------------------------------------------------------

  input(dtype: number, shape: number[], note: string): number {
    return this.feed(dtype, shape, note);
  }

  /** Told of every tensor that is made from values of JavaScript during the trace. */
  noteMade(dataId: DataId): void {
    this.madeHere.add(dataId);
  }

  /** The endpoint of a tensor's value. */
  endpointOf(tensor: TensorFlow.TensorInfo): number {
    const { tensorMap } = nativeBackend();
    const slot = this.slots.get(tensor.dataId);
    if (slot) return this.read(slot);
    if (!tensorMap.has(tensor.dataId)) throw new Error(`${this.step} uses a tensor that was disposed`);
    const record = tensorMap.get(tensor.dataId);
    if (record.id >= SYMBOLIC) return record.id - SYMBOLIC;
    if (!this.madeHere.has(tensor.dataId)) return this.capture(tensor.dataId, record.dtype, record.shape);
    const endpoint = this.constant(record.shape, record.dtype, record.values!);
    record.id = endpoint + SYMBOLIC;
    return endpoint;
  }

  /** What made an endpoint, in words; undefined where it stands for a value that exists. */
  producerOf(tensor: TensorFlow.TensorInfo): string | undefined {
    const slot = this.slots.get(tensor.dataId);
    if (slot) return `the variable ${slot.state.variable.name}`;
    const { tensorMap } = nativeBackend();
    const record = tensorMap.has(tensor.dataId) ? tensorMap.get(tensor.dataId) : undefined;
    if (!record || record.id < SYMBOLIC || record.values !== null) return undefined;
    const made = this.producer.get(record.id - SYMBOLIC);
    return made?.op === "Placeholder" ? "an input" : `the result of ${nodeName(made!)}`;
  }

  execute(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): OutputInfo[] {
    const scope = this.scope();
    if (outputs === 0) throw new Error(`${this.step} runs ${op}, which has no result: do it outside of the step`);
    const node = this.node(op, scope, attributes, inputs);
    return node.outputs.slice(0, outputs).map(({ id, dtype, shape }, i) => {
      const known = shape?.every((size) => size >= 0);
      return {
        id: id + SYMBOLIC,
        dtype,
        shape: known
          ? shape
          : unknownShape(shape, `${this.step}: the shape of result ${i} of ${nodeName({ op, scope })}`),
      };
    });
  }

  /** The endpoint of a constant. Many equal values are one value and the shape. */
  constant(shape: number[], dtype: number, values: Values): number {
    const scope = this.scope();
    if (!Array.isArray(values) && values.length > 16 && allEqual(values)) {
      const dims = this.constant([shape.length], nativeBackend().binding.TF_INT32, Int32Array.from(shape));
      const value = this.constant([], dtype, values.slice(0, 1));
      const types = [typeAttribute("T", dtype), typeAttribute("index_type", nativeBackend().binding.TF_INT32)];
      return this.node("Fill", scope, types, [dims, value]).outputs[0]!.id;
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
    const endpoint = this.noted(this.sink.constant(request), "Const", scope).outputs[0]!.id;
    if (key !== "") this.constants.set(key, endpoint);
    return endpoint;
  }

  // ---- variables -------------------------------------------------------------------------------------

  /** Puts a stand-in into a variable for the time of the trace. */
  watch(variable: TensorFlow.Variable): void {
    const { dtype } = nativeBackend().tensorMap.get(variable.dataId);
    const state: VariableState = { variable, dtype, reads: [], own: {}, slot: undefined };
    this.states.set(variable, state);
    this.startSlot(state);
  }

  /** A kernel that updates variables where they lie, in the order of the step. */
  update(
    op: string,
    attributes: OpAttribute[],
    variables: readonly TensorFlow.Variable[],
    inputs: readonly TensorFlow.Tensor[],
  ): void {
    const states = variables.map((variable) => this.stateOf(variable));
    const endpoints = inputs.map((tensor) => this.endpointOf(tensor));
    for (const state of states) {
      if (state.variable.dataId !== state.own) this.assign(state);
      else if (nativeBackend().tensorMap.get(state.own).refCount > 1) this.read(state.slot!); // likewise
    }
    this.pending.push({ op, scope: this.scope(), attributes, states, inputs: endpoints });
    for (const state of states) this.startSlot(state);
  }

  /** Ends the trace: writes what was assigned. `outputs` are computed before anything is updated, unless they need the update. */
  finish(outputs: readonly TensorFlow.Tensor[]): {
    outputs: number[];
    updates: number[];
    written: UsedVariable[];
    read: UsedVariable[];
  } {
    const endpoints = outputs.map((tensor) => this.endpointOf(tensor));
    const assigned = [...this.states.values()].filter((state) => state.variable.dataId !== state.own);
    for (const { variable } of assigned) this.endpointOf(variable); // all values of before, before the first changes
    for (const state of assigned) this.assign(state);
    this.flush(endpoints);
    const written: UsedVariable[] = [];
    const read: UsedVariable[] = [];
    for (const { variable, handle, lastUpdate, firstRead } of this.states.values()) {
      if (handle === undefined) continue;
      const operation = this.operationOf.get(handle)!;
      if (lastUpdate !== undefined) written.push({ variable, endpoint: handle, operation });
      else if (firstRead !== undefined) read.push({ variable, endpoint: firstRead, operation });
    }
    return { outputs: endpoints, updates: this.updates, written, read };
  }

  private stateOf(variable: TensorFlow.Variable): VariableState {
    const state = this.states.get(variable);
    if (!state) throw new Error(`${this.step} updates the variable ${variable.name}, which was disposed`);
    return state;
  }

  /** Gives a variable a stand-in for the value that it has from here on. */
  private renew(variable: TensorFlow.Variable, dtype: number): DataId {
    const holder = nativeBackend().createOutputTensor({ id: -1, shape: variable.shape, dtype });
    variable.assign(holder);
    holder.dispose();
    return variable.dataId;
  }

  private startSlot(state: VariableState): void {
    state.own = this.renew(state.variable, state.dtype);
    state.slot = { state };
    this.slots.set(state.own, state.slot);
  }

  private assign(state: VariableState): void {
    const inputs = [this.endpointOf(state.variable)];
    if (nativeBackend().tensorMap.has(state.own)) this.read(state.slot!); // somebody holds the value of before
    const attributes = [typeAttribute("dtype", state.dtype)];
    this.pending.push({ op: "AssignVariableOp", scope: "", attributes, states: [state], inputs });
    this.startSlot(state);
  }

  private read(slot: Slot): number {
    if (slot.endpoint !== undefined) return slot.endpoint;
    const { state } = slot;
    if (slot !== state.slot) throw new Error(`${this.step}: a value of ${state.variable.name} was passed over`);
    if (this.pending.some((update) => update.states.includes(state))) this.flush([]);
    const { variable, lastUpdate, dtype } = state;
    const node = this.noted(
      this.sink.op({
        op: "ReadVariableOp",
        scope: "",
        attributes: [typeAttribute("dtype", dtype)],
        inputs: [this.handle(state)],
        controls: lastUpdate === undefined ? [] : [lastUpdate],
        note: variable.name,
        shape: variable.shape,
      }),
      "ReadVariableOp",
      "",
    );
    slot.endpoint = node.outputs[0]!.id;
    state.reads.push(node.operation);
    if (lastUpdate === undefined) {
      state.firstRead = slot.endpoint;
      this.feeds.add(node.operation);
    }
    return slot.endpoint;
  }

  private handle(state: VariableState): number {
    state.handle ??= this.feed(nativeBackend().binding.TF_RESOURCE, [], `variable ${state.variable.name}`);
    return state.handle;
  }

  /**
   * Makes the nodes of the updates that wait. They start together, when all they need is computed and all readers are done: a kernel that
   * fails leaves the variables as they were, and no update has to copy a value that is still being read.
   */
  private flush(computedBefore: readonly number[]): void {
    if (this.pending.length === 0) return;
    const updates = this.pending;
    this.pending = [];
    const waitFor = new Set<number>();
    for (const endpoint of [...computedBefore, ...updates.flatMap((update) => update.inputs)]) {
      const operation = this.operationOf.get(endpoint)!;
      if (!this.feeds.has(operation)) waitFor.add(operation);
    }
    for (const { states } of updates) for (const state of states) for (const read of state.reads) waitFor.add(read);
    const barrier = this.sink.op({ op: "NoOp", scope: "", attributes: [], inputs: [], controls: [...waitFor] });
    for (const { op, scope, attributes, states, inputs } of updates) {
      const before = states.flatMap(({ lastUpdate }) => (lastUpdate === undefined ? [] : [lastUpdate]));
      const controls = [...new Set([barrier.operation, ...before])];
      const handles = states.map((state) => this.handle(state));
      const node = this.sink.op({ op, scope, attributes, inputs: [...handles, ...inputs], controls });
      this.updates.push(node.operation);
      for (const state of states) {
        state.lastUpdate = node.operation;
        state.reads = [];
      }
    }
  }

  // ---- nodes --------------------------------------------------------------------------------------------

  private capture(dataId: DataId, dtype: number, shape: number[]): number {
    const known = this.captured.get(dataId);
    if (known !== undefined) return known;
    const endpoint = this.feed(dtype, shape, `outside ${numberOf(dataId)}`);
    this.captured.set(dataId, endpoint);
    return endpoint;
  }

  private feed(dtype: number, shape: number[], note: string): number {
    const attributes = placeholderAttributes(dtype, shape);
    const node = this.sink.op({ op: "Placeholder", scope: "", attributes, inputs: [], controls: [], note });
    this.feeds.add(node.operation);
    return this.noted(node, "Placeholder", "").outputs[0]!.id;
  }

  private node(op: string, scope: string, attributes: OpAttribute[], inputs: number[]): GraphNode {
    return this.noted(this.sink.op({ op, scope, attributes, inputs, controls: [] }), op, scope);
  }

  private noted(node: GraphNode, op: string, scope: string): GraphNode {
    for (const { id } of node.outputs) {
      this.operationOf.set(id, node.operation);
      this.producer.set(id, { op, scope });
    }
    return node;
  }
}

/** The tfjs operations at work, from the one that was called to the innermost. tfjs marks them so among its scopes. */
export function opsAtWork(): string[] {
  const names = tfjsEngine().state.scopeStack.map(({ name }) => name);
  return names.filter((name) => name.endsWith("__op")).map((name) => name.slice(0, -"__op".length));
}

/** ", in tf.dropout" where the step called that. */
export function within(): string {
  const [called] = opsAtWork();
  return called === undefined ? "" : `, in tf.${called}`;
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

/** Bit for bit: 0 and -0 differ, NaN equals itself. */
function allEqual(values: Float32Array | Int32Array | Uint8Array): boolean {
  const bits =
    values instanceof Float32Array ? new Int32Array(values.buffer, values.byteOffset, values.length) : values;
  for (let i = 1; i < bits.length; i++) if (bits[i] !== bits[0]) return false;
  return true;
}

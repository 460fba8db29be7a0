import type { TensorFlow } from "../tensorflow.js";
import { type DataId, nativeBackend, type OpAttribute, typeAttribute } from "./nativeBackend.js";
import { opAtWork } from "./scopes.js";
import type { TracedNodes } from "./tracedNodes.js";

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

/**
 * The variables while a step is traced. Each holds a stand-in, so that reading it and assigning it are seen; those that are updated are
 * read and written through their resource, in the order of the step.
 */
export class TracedVariables {
  private readonly slots = new Map<DataId, Slot>();
  private readonly states = new Map<TensorFlow.Variable, VariableState>();
  private pending: Update[] = [];
  private readonly updates: number[] = [];

  constructor(
    private readonly nodes: TracedNodes,
    /** The endpoint of any tensor. */
    private readonly endpointOf: (tensor: TensorFlow.Tensor) => number,
  ) {}

  /** Puts a stand-in into a variable for the time of the trace. */
  watch(variable: TensorFlow.Variable): void {
    const { dtype } = nativeBackend().tensorMap.get(variable.dataId);
    const state: VariableState = { variable, dtype, reads: [], own: {}, slot: undefined };
    this.states.set(variable, state);
    this.startSlot(state);
  }

  /** The endpoint of a variable's value; undefined for data that is not a variable's. */
  valueOf(dataId: DataId): number | undefined {
    const slot = this.slots.get(dataId);
    return slot && this.read(slot);
  }

  /** The variable whose value the data is. */
  variableOf(dataId: DataId): TensorFlow.Variable | undefined {
    return this.slots.get(dataId)?.state.variable;
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
    this.pending.push({ op, scope: opAtWork(), attributes, states, inputs: endpoints });
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
      const operation = this.nodes.operationOf(handle);
      if (lastUpdate !== undefined) written.push({ variable, endpoint: handle, operation });
      else if (firstRead !== undefined) read.push({ variable, endpoint: firstRead, operation });
    }
    return { outputs: endpoints, updates: this.updates, written, read };
  }

  private stateOf(variable: TensorFlow.Variable): VariableState {
    const state = this.states.get(variable);
    if (!state) throw new Error(`${this.nodes.step} updates the variable ${variable.name}, which was disposed`);
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
    if (slot !== state.slot) throw new Error(`${this.nodes.step}: a value of ${state.variable.name} was passed over`);
    if (this.pending.some((update) => update.states.includes(state))) this.flush([]);
    const { variable, lastUpdate, dtype } = state;
    const node = this.nodes.add({
      op: "ReadVariableOp",
      attributes: [typeAttribute("dtype", dtype)],
      inputs: [this.handle(state)],
      controls: lastUpdate === undefined ? [] : [lastUpdate],
      note: variable.name,
      shape: variable.shape,
    });
    slot.endpoint = node.outputs[0]!.id;
    state.reads.push(node.operation);
    if (lastUpdate === undefined) {
      state.firstRead = slot.endpoint;
      this.nodes.mayBeFed(node.operation);
    }
    return slot.endpoint;
  }

  private handle(state: VariableState): number {
    state.handle ??= this.nodes.feed(nativeBackend().binding.TF_RESOURCE, [], `variable ${state.variable.name}`);
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
    const computed = this.nodes.computed([...computedBefore, ...updates.flatMap((update) => update.inputs)]);
    const reads = updates.flatMap((update) => update.states.flatMap((state) => state.reads));
    const barrier = this.nodes.add({ op: "NoOp", controls: [...new Set([...computed, ...reads])] });
    for (const { op, scope, attributes, states, inputs } of updates) {
      const before = states.flatMap(({ lastUpdate }) => (lastUpdate === undefined ? [] : [lastUpdate]));
      const controls = [...new Set([barrier.operation, ...before])];
      const handles = states.map((state) => this.handle(state));
      const node = this.nodes.add({ op, scope, attributes, inputs: [...handles, ...inputs], controls });
      this.updates.push(node.operation);
      for (const state of states) {
        state.lastUpdate = node.operation;
        state.reads = [];
      }
    }
  }
}

import { type TensorFlow, tf } from "../tensorflow.js";

/** What tfjs knows a tensor's data by; several tensors may share it. */
export type DataId = object;

/** One attribute of a TensorFlow operation, as the addon of tfjs-node takes it. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** A result as the addon reports it. `shape` is null, or holds -1, where TensorFlow cannot infer it. */
export interface OutputInfo {
  id: number;
  dtype: number;
  shape: number[] | null;
}

export interface GraphNode {
  operation: number;
  outputs: OutputInfo[];
}

/** Values of a tensor made in JavaScript; strings are lists of bytes. */
export type Values = Float32Array | Int32Array | Uint8Array | Uint8Array[];

export type Graph = { readonly graph: unique symbol };

type Constant = "FLOAT" | "INT32" | "BOOL" | "STRING" | "RESOURCE" | "ATTR_STRING" | "ATTR_INT" | "ATTR_BOOL";

/** The addon: tfjs-node's methods, and below them those of `native/`. */
export interface Binding
  extends Readonly<Record<`TF_${Constant | "ATTR_TYPE" | "ATTR_SHAPE" | "ATTR_FLOAT"}`, number>> {
  createTensor(shape: number[], dtype: number, values: Values): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): Values;
  executeOp(op: string, attributes: OpAttribute[], inputs: number[], outputs: number): OutputInfo[];
  /** Tensors that the addon holds; variables kept in place count one, and one more while their value is read. */
  getNumOfTensors(): number;

  graphBegin(): Graph;
  graphEnd(graph: Graph): void;
  graphOp(
    graph: Graph,
    op: string,
    label: string,
    attributes: OpAttribute[],
    inputs: number[],
    controls: number[],
  ): GraphNode;
  graphConstant(graph: Graph, label: string, dtype: number, shape: number[], values: Values): GraphNode;
  graphSetShape(graph: Graph, endpoint: number, shape: number[]): void;
  functionAdd(
    graph: Graph,
    name: string,
    inputs: number[],
    outputs: number[],
    controls: number[],
    leftOut: number[],
  ): void;
  functionRun(name: string, inputs: number[], outputs: number, config: Uint8Array): OutputInfo[];
  functionRemove(name: string): void;
}

/** What tfjs-node keeps for each `DataId`: `values` until they are needed natively, then the addon's number. */
export interface DataRecord {
  shape: number[];
  dtype: number;
  id: number;
  values: Values | null;
  refCount: number;
}

/** The parts of tfjs-node's backend that the engine uses or stands in for while it traces. */
export interface NativeBackend {
  binding: Binding;
  readonly tensorMap: {
    get(dataId: DataId): DataRecord;
    has(dataId: DataId): boolean;
    delete(dataId: DataId): boolean;
  };
  createOutputTensor(info: { id: number; dtype: number; shape: number[] }): TensorFlow.Tensor;
  getInputTensorIds(tensors: readonly TensorFlow.Tensor[]): number[];
  executeSingleOutput(
    op: string,
    attributes: OpAttribute[],
    inputs: readonly TensorFlow.TensorInfo[],
  ): TensorFlow.Tensor;
  executeMultipleOutputs(
    op: string,
    attributes: OpAttribute[],
    inputs: readonly TensorFlow.TensorInfo[],
    outputs: number,
  ): TensorFlow.Tensor[];
  move(dataId: DataId, values: Values, shape: number[], dtype: string, refCount: number): void;
  readSync(dataId: DataId): Values;
  read(dataId: DataId): Promise<Values>;
  disposeData(dataId: DataId, force?: boolean): boolean;
}

/** The parts of tfjs's engine that the engine here stands in for while it traces. */
export interface TfjsEngine {
  readonly state: {
    readonly gradientDepth: number;
    readonly scopeStack: readonly { name: string }[];
    numBytes: number;
  };
  readonly registeredVariables: Record<string, TensorFlow.Variable>;
  startScope(name?: string): void;
  endScope(): void;
  makeVariable(...args: unknown[]): TensorFlow.Variable;
  disposeVariable(variable: TensorFlow.Variable): void;
  trackTensor(tensor: TensorFlow.Tensor, backend?: unknown): void;
  makeTensorFromTensorInfo(info: TensorFlow.TensorInfo, backend?: unknown): TensorFlow.Tensor;
}

export function nativeBackend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

export function tfjsEngine(): TfjsEngine {
  return tf.engine() as unknown as TfjsEngine;
}

/** Whether the addon that is loaded can capture graphs; one that was built by others than this project's set-up cannot. */
export function canCapture(): boolean {
  return typeof nativeBackend().binding.graphBegin === "function";
}

/** The attribute `name` whose value is a TensorFlow data type. */
export function typeAttribute(name: string, dtype: number): OpAttribute {
  return { name, type: nativeBackend().binding.TF_ATTR_TYPE, value: dtype };
}

/** The attribute `name` = float32, which most kernels want as `T`. */
export function float32Attribute(name: string): OpAttribute {
  return typeAttribute(name, nativeBackend().binding.TF_FLOAT);
}

export function shapeAttribute(name: string, shape: number[]): OpAttribute {
  return { name, type: nativeBackend().binding.TF_ATTR_SHAPE, value: shape };
}

import type { TensorFlow } from "../tensorflow.js";
import { type DataId, type DataRecord, nativeBackend, shapeAttribute, typeAttribute } from "./nativeBackend.js";

/**
 * ResourceHandle::ANONYMOUS_NAME of TensorFlow: the variable belongs to its handle alone and is freed with it.
 * (tensorflow/core/framework/resource_handle.h)
 */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/**
 * A value that kernels update where it lies: one of TensorFlow's resource variables. The `tf.Variable` that it belongs to stays an
 * ordinary one, because the number of its data is found out when somebody asks for it.
 */
class StateCell {
  private reading: number | undefined;

  constructor(
    /** The addon's number of the resource handle. */
    readonly handle: number,
    private readonly dtype: number,
  ) {}

  /** The addon's number of the value of now. It shares the variable's memory; an update makes a copy while it is held. */
  read(): number {
    const { binding } = nativeBackend();
    this.reading ??= binding.executeOp("ReadVariableOp", [typeAttribute("dtype", this.dtype)], [this.handle], 1)[0]!.id;
    return this.reading;
  }

  /** The value of now, for somebody who will delete it. */
  takeReading(): number {
    const id = this.read();
    this.reading = undefined;
    return id;
  }

  /** Lets go of the last reading, so that an update works in place. */
  forget(): void {
    if (this.reading !== undefined) nativeBackend().binding.deleteTensor(this.reading);
    this.reading = undefined;
  }

  free(): void {
    this.forget();
    nativeBackend().binding.deleteTensor(this.handle);
  }
}

const cells = new WeakMap<DataId, StateCell>();

/**
 * Calls `update` with the addon's numbers of the resource handles that hold the variables' values, for an update in place. Clones that
 * were taken of the variables keep the values they have. The first call moves a value into its cell, as does one after `assign` from
 * outside.
 */
export function updateState<T>(variables: readonly TensorFlow.Variable[], update: (handles: number[]) => T): T {
  const inUse = variables.map(cellOf);
  try {
    return update(inUse.map(({ handle }) => handle));
  } finally {
    // The update itself may have read them, as its inputs.
    for (const cell of inUse) cell.forget();
  }
}

function cellOf(variable: TensorFlow.Variable): StateCell {
  const record = nativeBackend().tensorMap.get(variable.dataId);
  const cell = cells.get(variable.dataId);
  if (cell && record.refCount === 1) {
    cell.forget();
    return cell;
  }
  if (cell) {
    cells.delete(variable.dataId);
    Object.defineProperty(record, "id", { value: cell.takeReading(), writable: true, configurable: true });
  }
  return adopt(variable, cell ?? newCell(variable, record.dtype), record.dtype);
}

function newCell(variable: TensorFlow.Variable, dtype: number): StateCell {
  const backend = nativeBackend();
  const { binding } = backend;
  const [value] = backend.getInputTensorIds([variable]);
  // A copy: the value may lie in a typed array of the user's, or be shared with another tensor.
  const [copy] = binding.executeOp("DeepCopy", [typeAttribute("T", dtype)], [value!], 1);
  const names = ["shared_name", "container"].map((name, i) => {
    return { name, type: binding.TF_ATTR_STRING, value: i === 0 ? ANONYMOUS : "" };
  });
  const attributes = [typeAttribute("dtype", dtype), shapeAttribute("shape", variable.shape), ...names];
  const [handle] = binding.executeOp("VarHandleOp", attributes, [], 1);
  binding.executeOp("AssignVariableOp", [typeAttribute("dtype", dtype)], [handle!.id, copy!.id], 0);
  binding.deleteTensor(copy!.id);
  return new StateCell(handle!.id, dtype);
}

/** Gives the variable new data whose number is the cell's reading. */
function adopt(variable: TensorFlow.Variable, cell: StateCell, dtype: number): StateCell {
  const backend = nativeBackend();
  freeCellsWithTheirData();
  const holder = backend.createOutputTensor({ id: -1, shape: variable.shape, dtype });
  const record: DataRecord = backend.tensorMap.get(holder.dataId);
  Object.defineProperty(record, "id", { configurable: true, get: () => cell.read() });
  cells.set(holder.dataId, cell);
  variable.assign(holder);
  holder.dispose();
  return cell;
}

let freeing: unknown;

/** When the last tensor of a cell's data is disposed (`dispose`, or `assign` of other data), the cell goes too. */
function freeCellsWithTheirData(): void {
  const backend = nativeBackend();
  if (freeing === backend) return;
  freeing = backend;
  const ordinary = backend.disposeData;
  backend.disposeData = function (this: unknown, dataId, force = false) {
    const cell = cells.get(dataId);
    if (!cell) return ordinary.call(backend, dataId, force);
    const record = backend.tensorMap.get(dataId);
    record.refCount--;
    if (!force && record.refCount > 0) return false;
    cells.delete(dataId);
    backend.tensorMap.delete(dataId);
    cell.free();
    return true;
  };
}

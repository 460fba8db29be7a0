import type { TensorFlow } from "../tensorflow.js";
import { activeRecording } from "./activeRecording.js";
import { nativeBackend, type OpAttribute } from "./nativeBackend.js";
import { updateState } from "./stateCell.js";

/**
 * Runs one of TensorFlow's kernels that update variables where they lie, such as ResourceApplyAdam: in a compiled step as a part of
 * it, else at once; the same kernel either way.
 *
 * @param op its name
 * @param attributes all that it has no default for
 * @param variables its resource inputs, which come first
 * @param inputs its other inputs, in order
 */
export function applyInPlace(
  op: string,
  attributes: OpAttribute[],
  variables: readonly TensorFlow.Variable[],
  inputs: readonly TensorFlow.Tensor[],
): void {
  for (const variable of variables) {
    if (variable.isDisposed) throw new Error(`${op}: the variable ${variable.name} was disposed`);
  }
  if (new Set(variables).size < variables.length) throw new Error(`${op}: a variable is named twice`);
  const recording = activeRecording();
  if (recording) {
    recording.variables.update(op, attributes, variables, inputs);
    return;
  }
  const backend = nativeBackend();
  updateState(variables, (handles) => {
    backend.binding.executeOp(op, attributes, [...handles, ...backend.getInputTensorIds(inputs)], 0);
  });
}

import { afterEach, beforeEach, expect } from "vitest";
import { nativeBackend } from "../../src/engine/nativeBackend.js";
import { type TensorFlow, tf } from "../../src/tensorflow.js";

/** After each test of the file all is as before: tests put away what they make, so what is left is a leak of the engine's. */
export function expectNoLeaks(): void {
  let before: ReturnType<typeof count>;
  const count = () => ({
    tensors: tf.memory().numTensors,
    bytes: tf.memory().numBytes,
    buffers: tf.memory().numDataBuffers,
    handles: nativeBackend().binding.getNumOfTensors(),
  });
  beforeEach(() => {
    before = count();
  });
  afterEach(() => {
    // Whether tfjs has uploaded a tensor of its own meanwhile is not ours to know: handles may become fewer.
    const { handles, ...rest } = count();
    expect(rest).toEqual({ tensors: before.tensors, bytes: before.bytes, buffers: before.buffers });
    expect(handles).toBeLessThanOrEqual(before.handles);
  });
}

export const valuesOf = (tensor: TensorFlow.Tensor): number[] => [...tensor.dataSync()];

/** The values of a tensor that is no longer needed. */
export function spent(tensor: TensorFlow.Tensor): number[] {
  const values = valuesOf(tensor);
  tensor.dispose();
  return values;
}

/** A variable that alone holds its values. */
export const variableOf = (values: number[], trainable = true): TensorFlow.Variable =>
  tf.tidy(() => tf.variable(tf.tensor1d(values), trainable) as TensorFlow.Variable);

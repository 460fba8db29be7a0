import { tf } from "../tensorflow.js";
import { float32Attribute, type NativeBackend } from "./nativeBackend.js";

type Kernel = NonNullable<ReturnType<typeof tf.getKernel>>;
type Call = Parameters<Kernel["kernelFunc"]>[0];
type Result = ReturnType<Kernel["kernelFunc"]>;

let done = false;

/**
 * With oneDNN, TensorFlow computes two operations by other kernels in a function than on their own, which round differently: the
 * gradient of a maximum pool and softmax. Here both are asked for under names that are the same kernel in either case.
 */
export function useSameKernelsInBothModes(): void {
  if (done) return;
  done = true;
  replace("MaxPoolGrad", maxPoolGrad);
  replace("Softmax", softmax);
}

function replace(kernelName: string, kernelFunc: (call: Call) => Result): void {
  const kernel = tf.getKernel(kernelName, "tensorflow");
  if (!kernel) return;
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ ...kernel, kernelFunc });
}

function maxPoolGrad({ inputs, attrs, backend }: Call): Result {
  const native = backend as unknown as NativeBackend;
  const { binding } = native;
  const { dy, input, output } = inputs as Record<"dy" | "input" | "output", NonNullable<(typeof inputs)[string]>>;
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as {
    filterSize: [number, number] | number;
    strides: [number, number] | number;
    pad: "valid" | "same" | number;
    dimRoundingMode?: "floor" | "round" | "ceil";
  };
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  if (info.padInfo.type !== "VALID" && info.padInfo.type !== "SAME") {
    throw new Error(`a maximum pool's padding is "valid" or "same" here, not ${info.padInfo.type}; pad before it`);
  }
  const sizes = tf.tensor1d([1, info.filterHeight, info.filterWidth, 1], "int32");
  const steps = tf.tensor1d([1, info.strideHeight, info.strideWidth, 1], "int32");
  const attributes = [
    float32Attribute("T"),
    { name: "padding", type: binding.TF_ATTR_STRING, value: info.padInfo.type },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
  ];
  const result = native.executeSingleOutput("MaxPoolGradV2", attributes, [input, output, dy, sizes, steps]);
  tf.dispose([sizes, steps]);
  return result;
}

function softmax({ inputs, backend }: Call): Result {
  const native = backend as unknown as NativeBackend;
  const logits = inputs.logits!;
  const logarithm = native.executeSingleOutput("LogSoftmax", [float32Attribute("T")], [logits]);
  const result = native.executeSingleOutput("Exp", [float32Attribute("T")], [logarithm]);
  logarithm.dispose();
  return result;
}

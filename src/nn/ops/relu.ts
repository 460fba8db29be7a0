import { type TensorFlow, tf } from "../../tensorflow.js";
import { float32Attribute, nativeBackend } from "./attributes.js";

type Tensor = TensorFlow.Tensor;

/**
 * max(x, 0) with TensorFlow's ReluGrad kernel as its gradient: one pass over memory, where tfjs composes three.
 * Any shape. The gradient at 0 is 0, as in PyTorch.
 */
export function relu<T extends Tensor>(x: T): T {
  const operation = tf.customGrad((...args: unknown[]) => {
    const [value, save] = args as [Tensor, (tensors: Tensor[]) => void];
    const backend = nativeBackend();
    const y: Tensor = backend.executeSingleOutput("Relu", [float32Attribute("T")], [value]);
    save([y]);
    return {
      value: y,
      gradFunc: (dy: Tensor, saved: Tensor[]): Tensor =>
        backend.executeSingleOutput("ReluGrad", [float32Attribute("T")], [dy, saved[0]]),
    };
  });
  return operation(x) as T;
}
